// `.ci/run`: what `npm test` runs, then the deep groups that fit into a budget.
import { execFileSync } from "node:child_process";
import { ROOT } from "../../src/places.js";
import { chosenBy, runDeep } from "./deep-run.js";
import { DEEP, QUICK } from "./groups.js";
import { close, runSuites } from "./suites.js";

const DEEP_MINUTES = 20;
/** Minutes that the quick suites take on two quiet cores, the build aside. */
const QUICK_MINUTES = 9;

let quickTime = 0;
const quick = await runSuites(QUICK, (suite, ms) => {
  if (suite !== "build") quickTime += ms;
});
const pace = quickTime / 60_000 / QUICK_MINUTES;
const hash = execFileSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
const deep = await runDeep(chosenBy(hash, DEEP), { budget: DEEP_MINUTES, pace });
process.exitCode = close({ passed: quick.passed + deep.passed, failed: quick.failed + deep.failed });
