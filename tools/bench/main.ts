import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { Argument, Command } from "commander";
import { readR1cs } from "../../soundness/index.js";
import { readManifest } from "../../src/manifest.js";
import { findProver } from "../../src/proof/index.js";
import { StageProgress } from "../../src/terminal/index.js";
import { CIRCUITS } from "../build/circuits.js";
import { buildWithProgress } from "../build/progress.js";
import { command } from "../test/processes.js";
import { type GasFigures, measureGas } from "./gas.js";
import { type Comparison, measureHashing } from "./hashing.js";
import { type Measurement, measure } from "./measure.js";
import { measureStarts, type Start } from "./start.js";
import { benchTests } from "./tests.js";

/** Everything that a benchmark run found. */
interface Benchmark {
  machine: { cpu: string; cores: number; memoryGb: number; node: string; platform: string };
  circuits: Record<string, { constraints: number; wires: number; stages: Record<string, Measurement> }>;
  gas: GasFigures;
  starts: readonly Start[];
  hashing: readonly Comparison[];
  /** Commands, each as a whole process. */
  commands: Record<string, Measurement>;
}

const COMMANDS = {
  "vectors run: 128 vectors on two codes": "tools/bench/vectors.ts",
  "layout diff: two contracts of 100 variables": "tools/bench/layout.ts",
} as const;

const program = new Command("npm run bench --")
  .description(
    "Measures starts, hashes, circuits, keys, proofs, commands and gas; or what the tests take. About ten minutes on two cores.",
  )
  .addArgument(new Argument("[what]", "everything but the tests, unless named").choices(["starts", "tests"]))
  .option("--json", "print one JSON object on standard output and nothing else")
  .option("--no-compile", "leave out the compilers and the keys")
  .addHelpText("after", "\nExample:\n  npm run --silent bench -- --json > bench.json")
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
const options = program.parse().opts<{ json?: boolean; compile: boolean }>();
const [what] = program.processedArgs as ["starts" | "tests" | undefined];

const progress = new StageProgress(options.json);
const scratch = await mkdtemp(join(tmpdir(), "sealpatch-bench-"));
// The WASM compiler writes below its working directory only.
const compilerOutput = join("build", `bench-${process.pid}`);
try {
  if (what === "tests") process.exitCode = await benchTests();
  else if (what === "starts") printStarts(await starts());
  else await bench();
} finally {
  progress.stop();
  await rm(scratch, { recursive: true, force: true });
  await rm(compilerOutput, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  await buildWithProgress(options.json);
  const result: Benchmark = {
    machine: machine(),
    starts: await starts(),
    hashing: await staged("hashes and signatures", measureHashing),
    circuits: {},
    gas: await staged("gas, in a drill", measureGas),
    commands: {},
  };
  for (const [label, script] of Object.entries(COMMANDS)) {
    result.commands[label] = await staged(label, () => measure(["--import", "tsx", script]));
  }
  for (const name of ["attest", "bind"] as const) {
    const { r1cs } = (await readManifest()).circuits[name];
    const { constraintCount, wireCount } = await sizeOf(r1cs);
    result.circuits[name] = { constraints: constraintCount, wires: wireCount, stages: await stagesOf(name) };
  }
  if (options.json) console.log(JSON.stringify(result));
  else print(result);
}

/** Of the package as it is built now. */
async function starts(): Promise<Start[]> {
  return staged("starts", async () => {
    await measure([command("typescript", "tsc"), "-p", "tsconfig.build.json"]);
    return measureStarts();
  });
}

async function stagesOf(name: "attest" | "bind"): Promise<Record<string, Measurement>> {
  const stage = (...args: string[]) => ["--import", "tsx", "tools/bench/stage.ts", ...args, name, scratch];
  const commands: Record<string, string[]> = {};
  if (options.compile) {
    const require = createRequire(import.meta.url);
    const compiler = join(dirname(require.resolve("circom2/package.json")), "cli.js");
    const outputs = ["--r1cs", "--wasm", "--sym", "--O2", "-l", "node_modules/circomlib/circuits"];
    await mkdir(compilerOutput, { recursive: true });
    commands.compile = [compiler, CIRCUITS[name], ...outputs, "-o", compilerOutput];
    commands.key = stage("key");
  }
  commands.witness = stage("witness");
  commands["prove (wasm)"] = stage("wasm");
  commands["prove (snarkjs)"] = stage("snarkjs");
  if (findProver().name !== "wasm") commands[`prove (${findProver().name})`] = stage("rapidsnark");
  commands.verify = stage("verify");
  const results: Record<string, Measurement> = {};
  for (const [label, args] of Object.entries(commands)) {
    results[label] = await staged(`${name}: ${label}`, () => measure(args));
  }
  return results;
}

async function staged<T>(name: string, work: () => Promise<T>): Promise<T> {
  progress.begin(name);
  try {
    return await work();
  } finally {
    progress.finish(name);
  }
}

async function sizeOf(file: string): Promise<{ constraintCount: number; wireCount: number }> {
  const r1cs = await readR1cs(file);
  return { constraintCount: r1cs.constraintCount, wireCount: r1cs.wireCount };
}

function machine(): Benchmark["machine"] {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

function printStarts(starts: readonly Start[]): void {
  console.log("starts: whole processes, medians");
  for (const { what, seconds, against, ratio, goal } of starts) {
    const compared = `${ratio.toFixed(2)} times ${against}`;
    console.log(
      `  ${what.padEnd(36)}${seconds.toFixed(3).padStart(8)} s  ${compared.padEnd(28)}at most ${goal}: ${ratio <= goal ? "yes" : "NO"}`,
    );
  }
  console.log();
}

function print({ machine, starts, hashing, circuits, gas, commands }: Benchmark): void {
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.platform}, Node ${machine.node}\n`,
  );
  printStarts(starts);
  console.log("hashes and signatures: what is used, and the other implementation");
  for (const { what, used, ms, other, otherMs } of hashing) {
    console.log(
      `  ${what.padEnd(26)}${ms.toFixed(3).padStart(9)} ms ${used.padEnd(20)}${otherMs.toFixed(3).padStart(9)} ms ${other}`,
    );
  }
  console.log();
  for (const [name, { constraints, wires, stages }] of Object.entries(circuits)) {
    console.log(`${name}: ${number(constraints)} constraints, ${number(wires)} wires`);
    for (const [label, { seconds, peakMb }] of Object.entries(stages)) {
      console.log(
        `  ${label.padEnd(20)}${seconds.toFixed(2).padStart(10)} s${number(Math.round(peakMb)).padStart(8)} MB`,
      );
    }
    console.log();
  }
  console.log("commands");
  for (const [label, { seconds }] of Object.entries(commands)) {
    console.log(`  ${label.padEnd(44)}${seconds.toFixed(2).padStart(8)} s`);
  }
  console.log("\ngas");
  for (const [label, value] of Object.entries(gas)) {
    const words = label.replace(/([A-Z]|\d+)/g, (part) => ` ${part.toLowerCase()}`);
    console.log(`  ${words.padEnd(40)}${number(value).padStart(12)}`);
  }
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
