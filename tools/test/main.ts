import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { foundryBinary } from "../../src/foundry.js";
import { StageProgress } from "../../src/terminal/index.js";
import { BUILD, ROOT } from "../build/cache.js";
import { buildForgeFixture } from "../build/fixtures.js";
import { buildWithProgress } from "../build/progress.js";

/** What a suite counted. */
interface Count {
  passed: number;
  failed: number;
}

const require = createRequire(import.meta.url);
const NODE = process.execPath;

/** Path of a command that an installed package brings. */
function command(packageName: string, name = packageName): string {
  const manifestFile = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifestFile) as { bin: string | Record<string, string> };
  return join(dirname(manifestFile), typeof bin === "string" ? bin : bin[name]!);
}

/** Runs a program in the repository. @returns its exit code and, where it is caught, its standard output. */
function run(
  program: string,
  args: readonly string[],
  catchOutput = false,
): Promise<{ code: number; output: string }> {
  return new Promise((done, fail) => {
    const stdio = ["ignore", catchOutput ? "pipe" : "inherit", "inherit"] as const;
    const child = spawn(program, args, { cwd: ROOT, stdio: [...stdio] });
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", fail);
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}

/** A suite that is one check: its exit code decides. */
const check =
  (program: string, ...args: string[]) =>
  async (): Promise<Count> => {
    const { code } = await run(program, args);
    return { passed: Number(code === 0), failed: Number(code !== 0) };
  };

async function vitest(): Promise<Count> {
  const scratch = await mkdtemp(join(BUILD, "test-"));
  try {
    const file = join(scratch, "vitest.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const { code } = await run(NODE, [command("vitest"), "run", ...reporters]);
    const report = JSON.parse(await readFile(file, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    // A file that could not be collected has no tests of its own to fail.
    const failed = report.numFailedTests + Number(code !== 0 && report.numFailedTests === 0);
    return { passed: report.numPassedTests, failed };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The incident that the contract tests go on with, proven where that has not been done. */
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

async function forge(): Promise<Count> {
  await proveIncident();
  const { code, output } = await run(foundryBinary("forge"), ["test", "--json"], true);
  const line = output.split("\n").find((text) => text.startsWith("{"));
  const count: Count = { passed: 0, failed: 0 };
  const suites = line === undefined ? {} : (JSON.parse(line) as Record<string, ForgeSuite>);
  for (const [suite, { test_results }] of Object.entries(suites)) {
    for (const [name, { status, reason }] of Object.entries(test_results)) {
      if (status === "Success") count.passed += 1;
      else {
        count.failed += 1;
        console.log(`failed: ${suite} ${name}: ${reason ?? status}`);
      }
    }
  }
  if (code !== 0 && count.failed === 0) {
    count.failed += 1;
    console.log(output.slice(-4000));
  }
  return count;
}

/** Each commit asks about a third of the mutants. */
async function mutants(): Promise<Count> {
  const { output } = await run(NODE, ["--import", "tsx", "tools/mutants/main.ts", "--third", "--json"], true);
  const line = output.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) return { passed: 0, failed: 1 };
  const { killed, alive, mutants } = JSON.parse(line) as MutantReport;
  for (const { number, change, verdict } of mutants) {
    if (verdict !== "killed") console.log(`mutant ${number} is ${verdict}: ${change}`);
  }
  return { passed: killed, failed: alive };
}

interface MutantReport {
  killed: number;
  alive: number;
  mutants: { number: number; change: string; verdict: string }[];
}

interface ForgeSuite {
  test_results: Record<string, { status: string; reason: string | null }>;
}

const SUITES: Record<string, () => Promise<Count>> = {
  "lint and format": check(NODE, command("@biomejs/biome", "biome"), "ci", "--error-on-warnings", "."),
  types: check(NODE, command("typescript", "tsc"), "-p", "."),
  "Solidity format": check(foundryBinary("forge"), "fmt", "--check"),
  "properties and threats": check(NODE, "--import", "tsx", "tools/properties/main.ts"),
  contracts: forge,
  "contract mutants, a third": mutants,
  // Before the tests that share the small instances which it compiles.
  "circuit soundness": check(NODE, "--import", "tsx", "tools/circuits/check.ts"),
  "circuits, SDK and end to end": vitest,
};

const total: Count = { passed: 0, failed: 0 };
await buildWithProgress();
for (const [name, suite] of Object.entries(SUITES)) {
  const since = performance.now();
  const { passed, failed } = await suite();
  total.passed += passed;
  total.failed += failed;
  const time = ((performance.now() - since) / 1000).toFixed(0);
  console.log(`${failed === 0 ? "ok  " : "FAIL"} ${name}: ${passed} passed, ${failed} failed (${time} s)\n`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
