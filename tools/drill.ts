// `npm run drill`: builds what is missing, then runs `sealpatch drill`.
import { sealpatch } from "../src/cli/program.js";
import { buildWithProgress } from "./build/progress.js";

const args = process.argv.slice(2);
const runs = !args.some((arg) => ["--help", "-h", "--list"].includes(arg));
if (runs) await buildWithProgress(args.includes("--json"));
process.exitCode = await sealpatch(["drill", ...args]);
