import { Command, Option } from "commander";
import { SealpatchError } from "../../src/index.js";
import { corpusCase } from "../../test/corpus/CVE-2021-39168/case.js";
import { VARIANTS, type Variant } from "../../test/corpus/case.js";
import { buildWithProgress } from "../build/progress.js";
import { StageProgress } from "../progress.js";
import { DrillChain } from "./chain.js";
import { drill } from "./drill.js";
import { printStep, printSummary } from "./print.js";

const program = new Command("npm run drill --")
  .description(
    "Runs a whole incident on a chain of its own: exploit, sealed patch, attestations, proofs, fast lane, disclosure.",
  )
  .addOption(
    new Option("--proxy <kind>", "kind of proxy that holds the vulnerable contract")
      .choices([...VARIANTS])
      .default("transparent"),
  )
  .option("--json", "print one JSON object on standard output and nothing else")
  .addHelpText("after", "\nExample:\n  npm run --silent drill -- --proxy uups --json > drill.json")
  .showHelpAfterError()
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));

const options = program.parse().opts<{ proxy: Variant; json?: boolean }>();
const json = options.json === true;
process.exitCode = await run();

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
    const report = await drill(chain, corpusCase, options.proxy, {
      begin: (step) => progress.begin(step),
      end: (result) => {
        progress.finish(result.name);
        if (!json) printStep(result);
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
