// `npm test`.
import { QUICK } from "./groups.js";
import { close, runSuites } from "./suites.js";

process.exitCode = close(await runSuites(QUICK));
