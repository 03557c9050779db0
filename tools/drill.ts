import { Command, Option } from "commander";
import { CORPUS } from "../corpus/index.js";
import {
  DrillChain,
  drill,
  listed,
  printList,
  printStep,
  printSummary,
  VARIANTS,
  type Variant,
  variantsOf,
} from "../src/drill/index.js";
import { SealpatchError } from "../src/errors.js";
import { StageProgress } from "../src/terminal/index.js";
import { buildWithProgress } from "./build/progress.js";
import { council } from "./council.js";

const program = new Command("npm run drill --")
  .description(
    "Runs a whole incident on a chain of its own: exploit, sealed patch, attestations, proofs, fast lane, disclosure.",
  )
  .addOption(
    new Option("--case <name>", "the vulnerability, one of --list")
      .choices(CORPUS.map(({ name }) => name))
      .default(CORPUS[0]!.name),
  )
  .option("--list", "name the cases and end")
  .addOption(
    new Option(
      "--proxy <kind>",
      "kind of proxy that holds the vulnerable contract, by default the first that the case has",
    ).choices([...VARIANTS]),
  )
  .option("--json", "print one JSON object on standard output and nothing else")
  .addHelpText("after", "\nExample:\n  npm run --silent drill -- --proxy uups --json > drill.json")
  .showHelpAfterError()
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));

const options = program.parse().opts<{ case: string; list?: boolean; proxy?: Variant; json?: boolean }>();
const json = options.json === true;
const corpusCase = CORPUS.find(({ name }) => name === options.case)!;
const variant = options.proxy ?? variantsOf(corpusCase)[0]!;
if (!variantsOf(corpusCase).includes(variant)) {
  const kinds = variantsOf(corpusCase).join(", ");
  program.error(`error: ${corpusCase.name} does not exist behind a ${variant} proxy, only: ${kinds}`);
}
if (options.list === true) list();
else process.exitCode = await run();

function list(): void {
  const cases = listed(CORPUS);
  if (json) process.stdout.write(`${JSON.stringify(cases)}\n`);
  else printList(cases);
}

async function run(): Promise<number> {
  const progress = new StageProgress(json);
  let chain: DrillChain | undefined;
  const interrupt = (): void => {
    progress.stop();
    // anvil is killed as this process ends; compilers and key makers read from pipes that close with it.
    process.exit(130);
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    await buildWithProgress(json);
    chain = await DrillChain.start();
    const report = await drill({
      chain,
      corpusCase,
      variant,
      council,
      listener: {
        begin: (step) => progress.begin(step),
        end: (result) => {
          progress.finish(result.name);
          if (!json) printStep(result);
        },
      },
    });
    if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else printSummary(report);
    return report.ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SealpatchError)) throw error;
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: error.toJSON() })}\n`);
    else process.stderr.write(`${[error.message, error.why, error.remedy].filter(Boolean).join("\n")}\n`);
    return 1;
  } finally {
    progress.stop();
    await chain?.stop();
  }
}
