import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { Argument, Command, Option } from "commander";
import { readR1cs } from "../../soundness/index.js";
import { ROOT } from "../../src/places.js";
import { buildCircuit, circuitSource, findProver } from "../../src/proof/index.js";
import { StageProgress } from "../../src/terminal/index.js";
import { buildWithProgress } from "../build/progress.js";
import { command } from "../test/processes.js";
import { measureCapacity } from "./capacity.js";
import { ceremonyLines, measureCeremony } from "./ceremony.js";
import { measureCommands } from "./cli.js";
import { measureDrill } from "./gas.js";
import { measureHashing } from "./hashing.js";
import { type Measurement, measure } from "./measure.js";
import { measurePortal, portalLines } from "./portal.js";
import { type Benchmark, lines, machineLine, measuredPage, startLines } from "./print.js";
import { proverLines } from "./print-prover.js";
import { measureProver, type ProverFigures } from "./prover.js";
import { timedLines } from "./sending.js";
import { measureStarts, type Start } from "./start.js";
import { benchTests } from "./tests.js";

const COMMANDS = {
  "vectors run: 128 vectors on two codes": "tools/bench/vectors.ts",
  "layout diff: two contracts of 60 variables": "tools/bench/layout.ts",
} as const;

const WHAT = ["starts", "cli", "tests", "ceremony", "portal", "prover"] as const;

const program = new Command("npm run bench --")
  .description(
    "Measures starts, hashes, circuits, keys, proofs, commands and gas; or what the tests, a ceremony or the parts of a proof take. " +
      "About ten minutes on two cores.",
  )
  .addArgument(
    new Argument("[what]", "everything but cli, tests, ceremony, portal and prover, unless named").choices(
      WHAT,
    ),
  )
  .option("--json", "print one JSON object on standard output and nothing else")
  .option("--no-compile", "leave out the compilers and the keys")
  .addOption(new Option("--circuit <name>", "of ceremony").choices(["bind", "bind-small"]).default("bind"))
  .addOption(new Option("--runs <count>", "of each step of ceremony and prover").argParser(Number).default(3))
  .option("--write", "write docs/measured.md as well")
  .addHelpText("after", "\nExample:\n  npm run --silent bench -- --json > bench.json")
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
const options = program.parse().opts<{
  json?: boolean;
  compile: boolean;
  circuit: "bind" | "bind-small";
  runs: number;
  write?: boolean;
}>();
const [what] = program.processedArgs as [(typeof WHAT)[number] | undefined];

const progress = new StageProgress(options.json);
const scratch = await mkdtemp(join(tmpdir(), "sealpatch-bench-"));
// The WASM compiler writes below its working directory only.
const compilerOutput = join("build", `bench-${process.pid}`);
try {
  if (what === "tests") process.exitCode = await benchTests();
  else if (what === "ceremony") await benchCeremony();
  else if (what === "cli") await benchCommands();
  else if (what === "portal") await benchPortal();
  else if (what === "prover") await benchProver();
  else if (what === "starts") console.log(startLines(await starts()).join("\n"));
  else await bench();
} finally {
  progress.stop();
  await rm(scratch, { recursive: true, force: true });
  await rm(compilerOutput, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  await buildWithProgress(options.json);
  const { seconds: drillSeconds, gas } = await staged("a drill", measureDrill);
  const result: Benchmark = {
    machine: machine(),
    starts: await starts(),
    hashing: await staged("hashes and signatures", measureHashing),
    circuits: {},
    provers: await profiles(),
    ...(options.compile ? { capacity: await staged("capacity", measureCapacity) } : {}),
    commands: {},
    drillSeconds,
    gas,
  };
  for (const [label, script] of Object.entries(COMMANDS)) {
    result.commands[label] = await staged(label, () => measure(["--import", "tsx", script]));
  }
  for (const name of ["attest", "bind"] as const) {
    const { r1csFile } = await buildCircuit({ source: circuitSource(name) });
    const { constraintCount, wireCount } = await sizeOf(r1csFile);
    result.circuits[name] = { constraints: constraintCount, wires: wireCount, stages: await stagesOf(name) };
  }
  if (options.write) await writeFile(join(ROOT, "docs/measured.md"), measuredPage(result));
  if (options.json) console.log(JSON.stringify(result));
  else console.log(`${machineLine(result.machine)}\n\n${lines(result).join("\n")}`);
}

async function benchCeremony(): Promise<void> {
  const figures = await staged("ceremony", () => measureCeremony(options.circuit, options.runs));
  if (options.json) console.log(JSON.stringify(figures));
  else console.log(`${machineLine(machine())}\n\n${ceremonyLines(figures).join("\n")}`);
}

async function benchPortal(): Promise<void> {
  await buildWithProgress(options.json);
  const figures = await staged("the page", measurePortal);
  if (options.json) console.log(JSON.stringify(figures));
  else console.log([machineLine(machine()), "", ...portalLines(figures)].join("\n"));
}

async function benchProver(): Promise<void> {
  await buildWithProgress(options.json);
  const figures = await profiles();
  if (options.json) console.log(JSON.stringify(figures));
  else
    console.log(
      [machineLine(machine()), ...figures.flatMap((each) => ["", ...proverLines(each)])].join("\n"),
    );
}

async function profiles(): Promise<ProverFigures[]> {
  const figures: ProverFigures[] = [];
  for (const circuit of ["attest", "bind"] as const) {
    figures.push(await staged(`proofs of ${circuit}`, () => measureProver(circuit, options.runs)));
  }
  return figures;
}

async function benchCommands(): Promise<void> {
  await buildWithProgress(options.json);
  await compilePackage();
  const prices = await staged("commands, in the incident of a drill", measureCommands);
  if (options.json) console.log(JSON.stringify(prices));
  else
    console.log(
      [
        machineLine(machine()),
        "",
        ...startLines(prices.starts, "commands: whole processes, medians"),
        ...timedLines(prices.timed),
      ].join("\n"),
    );
}

/** Of the package as it is built now. */
async function starts(): Promise<Start[]> {
  await compilePackage();
  return staged("starts", async () => measureStarts());
}

async function compilePackage(): Promise<void> {
  await staged("the package", () => measure([command("typescript", "tsc"), "-p", "tsconfig.build.json"]));
}

async function stagesOf(name: "attest" | "bind"): Promise<Record<string, Measurement>> {
  const stage = (...args: string[]) => ["--import", "tsx", "tools/bench/stage.ts", ...args, name, scratch];
  const commands: Record<string, string[]> = {};
  if (options.compile) {
    const require = createRequire(import.meta.url);
    const compiler = join(dirname(require.resolve("circom2/package.json")), "cli.js");
    const outputs = ["--r1cs", "--wasm", "--sym", "--O2", "-l", "node_modules/circomlib/circuits"];
    await mkdir(compilerOutput, { recursive: true });
    commands.compile = [compiler, circuitSource(name), ...outputs, "-o", compilerOutput];
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
