import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { ROOT } from "../../src/places.js";
import { QUICK } from "../test/groups.js";
import { runSuites, VITEST_REPORT } from "../test/suites.js";

const SLOWEST = 20;

/** Runs what `npm test` runs, and prints each suite's share of the time and the slowest files of vitest. */
export async function benchTests(): Promise<number> {
  const times = new Map<string, number>();
  const { failed } = await runSuites(QUICK, (suite, ms) => times.set(suite, ms));
  const total = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  console.log("suites");
  for (const [suite, ms] of times) {
    console.log(`${seconds(ms)}${`${Math.round((100 * ms) / total)} %`.padStart(7)}  ${suite}`);
  }
  console.log(`${seconds(total)}         all\n\nslowest files, without the time to load them`);
  for (const { file, ms } of await slowest()) console.log(`${seconds(ms)}  ${file}`);
  return failed === 0 ? 0 : 1;
}

async function slowest(): Promise<{ file: string; ms: number }[]> {
  const { testResults } = JSON.parse(await readFile(VITEST_REPORT, "utf8")) as {
    testResults: { name: string; startTime: number; endTime: number }[];
  };
  return testResults
    .map(({ name, startTime, endTime }) => ({ file: relative(ROOT, name), ms: endTime - startTime }))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(10);
}
