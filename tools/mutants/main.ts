import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { ROOT } from "../../src/places.js";
import { StageProgress } from "../../src/terminal/index.js";
import { MutantRunner, type Verdict } from "./runner.js";

/** Mutants run at the same time, each in a copy of the contracts: solc-js uses one core. */
const AT_ONCE = 2;
const MUTANTS = "tools/mutants/contracts.json";
const schema = z.array(
  z.strictObject({ file: z.string(), change: z.string(), from: z.string().min(1), to: z.string() }),
);

/** One of several parts, counted from 1, that together have every mutant. */
interface Share {
  readonly part: number;
  readonly of: number;
}

const program = new Command("npm run mutants --")
  .description(
    `Applies each change of ${MUTANTS} to a copy of the contracts, one at a time, and runs the suite: every mutant must be killed.`,
  )
  .option("--only <numbers>", "mutants to run, separated by commas, counted from 1")
  .option("--share <part>", "a share of them: 2/3 is the second of three", shareOf)
  .option("--json", "print one JSON object on standard output and nothing else")
  .addHelpText("after", "\nExample:\n  npm run mutants -- --only 1,2,73")
  .showHelpAfterError()
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
const options = program.parse().opts<{ only?: string; share?: Share; json?: boolean }>();

const all = schema
  .parse(JSON.parse(readFileSync(join(ROOT, MUTANTS), "utf8")))
  .map((mutant, index) => ({ ...mutant, number: index + 1 }));
const chosen = choose();
const results: { number: number; file: string; change: string; verdict: Verdict }[] = [];
const progress = new StageProgress(options.json);
process.exitCode = await run();

function choose(): typeof all {
  if (options.only !== undefined && options.share !== undefined)
    program.error("error: --only and --share exclude each other");
  if (options.only !== undefined) {
    const numbers = options.only.split(",").map(Number);
    const unknown = numbers.find((number) => all[number - 1] === undefined);
    if (unknown !== undefined)
      program.error(`error: there are mutants 1 to ${all.length}, none is ${unknown}`);
    return numbers.map((number) => all[number - 1]!);
  }
  const { share } = options;
  return share === undefined ? all : all.filter(({ number }) => number % share.of === share.part % share.of);
}

function shareOf(text: string): Share {
  const [, part, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  if (part === undefined || Number(part) < 1 || Number(part) > Number(of)) {
    throw new InvalidArgumentError("It takes a part and how many there are, for example 2/3.");
  }
  return { part: Number(part), of: Number(of) };
}

async function run(): Promise<number> {
  const runners = [new MutantRunner()];
  const cleanUp = () => {
    for (const runner of runners) runner.remove();
  };
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(130));
  process.once("exit", cleanUp);
  progress.begin("the suite without a mutant");
  await runners[0]!.assertSuitePasses();
  progress.finish("the suite without a mutant");
  while (runners.length < AT_ONCE) runners.push(new MutantRunner(runners[0]));
  const queue = [...chosen];
  await Promise.all(
    runners.map(async (runner) => {
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        const { number, file, change } = mutant;
        const stage = `mutant ${number} (${results.length} of ${chosen.length} done)`;
        progress.begin(stage);
        const verdict = await runner.verdict(mutant);
        progress.finish(stage);
        results.push({ number, file, change, verdict });
        if (!options.json) {
          console.log(`${verdict.padEnd(12)} ${String(number).padStart(3)} ${file}: ${change}`);
        }
      }
    }),
  );
  const killed = results.filter(({ verdict }) => verdict === "killed").length;
  const alive = results.length - killed;
  if (options.json) console.log(JSON.stringify({ killed, alive, mutants: results }));
  else {
    const survivors = results.filter(({ verdict }) => verdict !== "killed");
    for (const { number, file, change, verdict } of survivors) {
      console.log(`\n${verdict}: ${number} ${file}: ${change}`);
    }
    console.log(`mutants: ${killed} killed, ${alive} alive`);
  }
  return alive === 0 ? 0 : 1;
}
