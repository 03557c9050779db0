import { Argument, Command, InvalidArgumentError } from "commander";
import { StageProgress } from "../../src/terminal/index.js";
import { ArithmeticMutants } from "./arithmetic.js";
import { CircuitMutants } from "./circuits.js";
import { ContractMutants } from "./contracts.js";
import { KINDS, type Kind, type Mutant, type MutantRunner, type Outcome, readMutants } from "./mutants.js";

/** Mutants run at the same time, each in a copy of the sources: compilers use one core. */
const AT_ONCE = 2;

/** One of several parts, counted from 1, that together have every mutant. */
interface Share {
  readonly part: number;
  readonly of: number;
}

const program = new Command("npm run mutants --")
  .description(
    "Applies each change of tools/mutants/*.json to a copy of the sources, one at a time, and runs the suite: every mutant must be killed.",
  )
  .addArgument(
    new Argument("[kind]", "contracts, circuits or arithmetic; all where it is left out").choices(KINDS),
  )
  .option("--only <numbers>", "mutants of the kind to run, separated by commas, counted from 1")
  .option("--share <part>", "a share of them: 2/3 is the second of three", shareOf)
  .option("--json", "print one JSON object on standard output and nothing else")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run mutants -- contracts --only 1,2,73\n  npm run mutants -- circuits --share 1/2",
  )
  .showHelpAfterError()
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
  .parse();
const options = program.opts<{ only?: string; share?: Share; json?: boolean }>();

const runners: MutantRunner[] = [];
const results: (Pick<Mutant, "kind" | "number" | "file" | "change"> & Outcome)[] = [];
const progress = new StageProgress(options.json);
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(130));
process.once("exit", removeRunners);
process.exitCode = await run(choose(program.processedArgs[0] as Kind | undefined));

function choose(kind: Kind | undefined): Mutant[] {
  const { only, share } = options;
  if (only !== undefined && share !== undefined)
    program.error("error: --only and --share exclude each other");
  if (only !== undefined) {
    if (kind === undefined)
      return program.error("error: --only counts within a kind: name contracts, circuits or arithmetic");
    const all = readMutants(kind);
    const numbers = only.split(",").map(Number);
    const unknown = numbers.find((number) => all[number - 1] === undefined);
    if (unknown !== undefined)
      program.error(`error: there are mutants 1 to ${all.length}, none is ${unknown}`);
    return numbers.map((number) => all[number - 1]!);
  }
  const all = kind === undefined ? KINDS.flatMap(readMutants) : readMutants(kind);
  return share === undefined ? all : all.filter(({ number }) => number % share.of === share.part % share.of);
}

function shareOf(text: string): Share {
  const [, part, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  if (part === undefined || Number(part) < 1 || Number(part) > Number(of)) {
    throw new InvalidArgumentError("It takes a part and how many there are, for example 2/3.");
  }
  return { part: Number(part), of: Number(of) };
}

function removeRunners(): void {
  for (const runner of runners.splice(0)) runner.remove();
}

/** Runners of a kind. The contracts' suite has passed without a mutant; the others show that for each test that kills. */
async function start(kind: Kind): Promise<MutantRunner[]> {
  const started = (runner: MutantRunner) => {
    runners.push(runner);
    return runner;
  };
  const places = Array.from({ length: AT_ONCE });
  if (kind === "circuits") return places.map(() => started(new CircuitMutants()));
  if (kind === "arithmetic") {
    const passing = new Set<string>();
    return places.map(() => started(new ArithmeticMutants(passing)));
  }
  const first = new ContractMutants();
  started(first);
  const stage = "the suite without a mutant";
  progress.begin(stage);
  await first.assertSuitePasses();
  progress.finish(stage);
  return places.map((_, place) => (place === 0 ? first : started(new ContractMutants(first))));
}

async function run(chosen: readonly Mutant[]): Promise<number> {
  for (const kind of KINDS) {
    const queue = chosen.filter((mutant) => mutant.kind === kind);
    if (queue.length === 0) continue;
    const workers = await start(kind);
    await Promise.all(workers.map((runner) => work(runner, queue, chosen.length)));
    removeRunners();
  }
  return report();
}

async function work(runner: MutantRunner, queue: Mutant[], total: number): Promise<void> {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const { kind, number, file, change } = mutant;
    const stage = `${kind} ${number} (${results.length} of ${total} done)`;
    progress.begin(stage);
    const outcome = await runner.verdict(mutant);
    progress.finish(stage);
    results.push({ kind, number, file, change, ...outcome });
    if (!options.json) {
      const killer = outcome.killedBy === undefined ? "" : `\n${" ".repeat(13)}by ${outcome.killedBy}`;
      console.log(`${outcome.verdict.padEnd(12)} ${kind} ${number} ${file}: ${change}${killer}`);
    }
  }
}

function report(): number {
  const survivors = results.filter(({ verdict }) => verdict !== "killed");
  const [killed, alive] = [results.length - survivors.length, survivors.length];
  if (options.json) console.log(JSON.stringify({ killed, alive, mutants: results }));
  else {
    for (const { kind, number, file, change, verdict, killedBy, why } of survivors) {
      console.log(`\n${verdict}: ${kind} ${number} ${file}: ${change}`);
      if (killedBy !== undefined) console.log(`not killed by its own test, but by "${killedBy}"`);
      if (why !== undefined) console.log(why);
    }
    console.log(`mutants: ${killed} killed, ${alive} alive`);
  }
  return alive === 0 ? 0 : 1;
}
