// `npm test`.
import { buildWithProgress } from "../build/progress.js";
import { QUICK } from "./groups.js";
import { close, runSuites } from "./suites.js";

await buildWithProgress();
process.exitCode = close(await runSuites(QUICK));
