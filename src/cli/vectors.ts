import { Command } from "commander";
import { coverageCommand } from "./vectors-coverage.js";
import { lintCommand } from "./vectors-lint.js";
import { recordCommand } from "./vectors-record.js";
import { runCommand } from "./vectors-run.js";
import { addCommand, listCommand, removeCommand, rootCommand } from "./vectors-sets.js";

/** `sealpatch vectors ...`: test and audit vectors. */
export function vectorsCommand(): Command {
  return new Command("vectors")
    .description("Test and audit vectors: run, check and collect them")
    .addCommand(recordCommand())
    .addCommand(runCommand())
    .addCommand(rootCommand())
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(lintCommand())
    .addCommand(coverageCommand());
}
