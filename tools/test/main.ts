// `npm test`.
import { QUICK } from "./groups.js";
import { buildForTests, close, runSuites } from "./suites.js";

await buildForTests();
process.exitCode = close(await runSuites(QUICK));
