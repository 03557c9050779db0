import type { Command } from "commander";
import { newCommand } from "../command.js";
import { collect, wholeNumber } from "../options.js";

/** `sealpatch init`: the configuration of a project. What it does is loaded when it runs. */
export function initCommand(): Command {
  return newCommand("init", {
    description:
      "Writes a commented sealpatch.toml for the project of Foundry or Hardhat in this folder, and says what the compiler's " +
      "output lacks for policies. Addresses and the public files of auditors are left to fill in. None of the project's code is " +
      "run, and a file that is there is never replaced.",
    examples: ["sealpatch init --contract src/Vault.sol:Vault --kind transparent-v5", "sealpatch init"],
  })
    .option("--contract <name>", "an implementation behind a proxy; may stand several times", collect)
    .option("--kind <kind>", "kind of the proxies", "uups")
    .option("--chain-id <number>", "id of the chain", wholeNumber, 1)
    .option("--tool <tool>", "what compiles the contracts, foundry or hardhat, where both are configured")
    .option("--project <folder>", "the project's folder", ".")
    .action(async (options) => (await import("./init.js")).init(options));
}
