import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { foundryBinary } from "../../src/foundry.js";
import { BUILD } from "../../src/places.js";
import { StageProgress } from "../../src/terminal/index.js";
import { buildForgeFixture } from "../build/fixtures.js";
import { buildWithProgress } from "../build/progress.js";
import type { Kind } from "../mutants/mutants.js";
import { command, NODE, run } from "./processes.js";

/** What a suite counted. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Where vitest leaves its report, one run after the other. */
export const VITEST_REPORT = join(BUILD, "vitest.json");

/** A suite: counts what passed and failed, and has printed what failed and why. */
export type Suite = () => Promise<Count>;

/** A suite that is one check: its exit code decides. */
export const check =
  (program: string, ...args: readonly string[]): Suite =>
  async () => {
    const { code } = await run(program, args);
    return { passed: Number(code === 0), failed: Number(code !== 0) };
  };

/** A tool of this repository as a check. */
export const tool = (file: string, ...args: readonly string[]): Suite =>
  check(NODE, "--import", "tsx", file, ...args);

/**
 * Tests of vitest.
 * @param project of vitest.config.ts.
 * @param files those of the project to run, all by default.
 */
export const vitest =
  (project: "quick" | "deep", ...files: readonly string[]): Suite =>
  async () => {
    await rm(VITEST_REPORT, { force: true });
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${VITEST_REPORT}`];
    const { code } = await run(NODE, [
      ...[command("vitest"), "run", "--project", project],
      ...reporters,
      ...files,
    ]);
    const report = JSON.parse(await readFile(VITEST_REPORT, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      testResults: readonly unknown[];
    };
    // A file that could not be collected has no tests of its own to fail, and one that was not found has no result.
    const missing = Math.max(0, files.length - report.testResults.length);
    const unseen = Number(code !== 0 && report.numFailedTests === 0);
    return { passed: report.numPassedTests, failed: report.numFailedTests + missing + unseen };
  };

interface ForgeSuite {
  test_results: Record<string, { status: string; reason: string | null }>;
}

/** Builds what is missing, while forge compiles what its tests need: one circuit keeps one core busy for most of the time. */
export const buildForTests: Suite = async () => {
  // Where the contracts do not compile, their suite fails and says so.
  await Promise.all([buildWithProgress(), run(foundryBinary("forge"), ["build"], true)]);
  return { passed: 1, failed: 0 };
};

/** All tests of the contracts; they go on with a real incident, which is proven where that has not been done. */
export const forge: Suite = async () => {
  await proveIncident();
  const { code, output } = await run(foundryBinary("forge"), ["test", "--json"], true);
  const line = output.split("\n").find((text) => text.startsWith("{"));
  const suites = line === undefined ? {} : (JSON.parse(line) as Record<string, ForgeSuite>);
  let [passed, failed] = [0, 0];
  for (const [suite, { test_results }] of Object.entries(suites)) {
    for (const [name, { status, reason }] of Object.entries(test_results)) {
      if (status === "Success") passed += 1;
      else {
        failed += 1;
        console.log(`failed: ${suite} ${name}: ${reason ?? status}`);
      }
    }
  }
  if (code !== 0 && failed === 0) {
    failed += 1;
    console.log(output.slice(-4000));
  }
  return { passed, failed };
};

async function proveIncident(): Promise<void> {
  const progress = new StageProgress();
  const stage = "prove a real incident for the contract tests";
  progress.begin(stage, 80);
  try {
    await buildForgeFixture();
  } finally {
    progress.end(stage);
  }
}

interface MutantReport {
  killed: number;
  alive: number;
  mutants: { number: number; change: string; verdict: string; killedBy?: string }[];
}

/** A share of the mutants of a kind, `1/3` for example: each must be killed, but for the contracts' by its own test. */
export const mutants =
  (kind: Kind, share: string): Suite =>
  async () => {
    const args = ["--import", "tsx", "tools/mutants/main.ts", kind, "--share", share, "--json"];
    const { output } = await run(NODE, args, true);
    const line = output.split("\n").find((text) => text.startsWith("{"));
    if (line === undefined) return { passed: 0, failed: 1 };
    const { killed, alive, mutants } = JSON.parse(line) as MutantReport;
    for (const { number, change, verdict, killedBy } of mutants) {
      if (verdict === "killed") continue;
      const other = killedBy === undefined ? "" : `, although killed by "${killedBy}"`;
      console.log(`mutant ${number} of ${kind} is ${verdict}${other}: ${change}`);
    }
    return { passed: killed, failed: alive };
  };

/**
 * Runs suites one after the other, prints a line about each, and adds up.
 * @param onTime told how long each took.
 */
export async function runSuites(
  suites: Readonly<Record<string, Suite>>,
  onTime: (suite: string, ms: number) => void = () => {},
): Promise<Count> {
  let [passed, failed] = [0, 0];
  for (const [name, suite] of Object.entries(suites)) {
    const since = performance.now();
    const count = await suite().catch(brokenOff);
    // A suite that counted nothing has shown nothing.
    const failures = count.failed + Number(count.passed + count.failed === 0);
    passed += count.passed;
    failed += failures;
    onTime(name, performance.now() - since);
    const time = ((performance.now() - since) / 1000).toFixed(0);
    const mark = failures === 0 ? "ok  " : "FAIL";
    console.log(`${mark} ${name}: ${count.passed} passed, ${failures} failed (${time} s)\n`);
  }
  return { passed, failed };
}

/** A suite that could not go on has failed: the others still run, and the closing line is still printed. */
function brokenOff(error: unknown): Count {
  console.log(error instanceof Error ? error.stack : error);
  return { passed: 0, failed: 1 };
}

/** The closing line that CI reads, and the exit code. */
export function close({ passed, failed }: Count): number {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
