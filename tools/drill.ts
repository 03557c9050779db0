// `npm run drill`: `sealpatch drill`, which builds what is missing first.
import { drillCommand } from "../src/cli/drill/commands.js";
import { runProgram } from "../src/cli/run.js";
import { allowClosedPipe } from "../src/terminal/index.js";
import { buildWithProgress } from "./build/progress.js";

allowClosedPipe();
const program = drillCommand(buildWithProgress, "build/drill").name("npm run drill --");
process.exitCode = await runProgram(program, process.argv.slice(2));
