import { join } from "node:path";
import { Command } from "commander";
import { ROOT } from "../../src/places.js";
import { ToolError } from "../tool-error.js";
import { printedTable } from "./print.js";
import { publishedComparisons } from "./published.js";
import { Sources } from "./sources.js";
import { conformanceTable } from "./table.js";

const OWN_SOURCES = join(ROOT, "test/layout/conformance");

const program = new Command("npm run conformance --")
  .description(
    "Compares the pairs of upgrade cases in the published tests of @openzeppelin/upgrades-core, with upgrades-core and with " +
      "sealpatch. Ends with 1 if sealpatch is weaker anywhere, or proves less than 95% of the pairs that upgrades-core calls safe.",
  )
  .option(
    "--sources <folder>",
    "Solidity files of the pairs: packages/core/contracts/test of a checkout of openzeppelin-upgrades",
    OWN_SOURCES,
  )
  .option("--json", "print one JSON object on standard output and nothing else")
  .addHelpText("after", "\nExample:\n  npm run --silent conformance -- --json > conformance.json")
  .showHelpAfterError()
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
const { sources, json } = program.parse().opts<{ sources: string; json?: boolean }>();

try {
  const table = conformanceTable(publishedComparisons(), new Sources(sources));
  process.stdout.write(json === true ? `${JSON.stringify(table)}\n` : `${printedTable(table).join("\n")}\n`);
  process.exitCode = table.ok ? 0 : 1;
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  if (json === true)
    process.stdout.write(`${JSON.stringify({ ok: false, error: { message: error.message } })}\n`);
  else process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
