import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addReadingOptions } from "../lane/options.js";
import { collect } from "../options.js";

/** `sealpatch status`. What it does is loaded when it runs. */
export function statusCommand(): Command {
  const command = newCommand("status", {
    description:
      "Shows the fast lane as it is at the newest block: whether each proxy's lane is open and why not, every statement that somebody has to " +
      "act on, who may do that, until when and by which command, and which disclosures are due. How long is left is told by the chain's " +
      "clock, which the contract goes by, and by this machine's where that differs. Sends nothing, and needs no configuration where " +
      "--rpc and --timelock are given.",
    examples: [
      "sealpatch status",
      "sealpatch status --proxy Vault --all",
      "sealpatch status --rpc $NODE --timelock 0x5FbD..0aa3 --from-block 21000000",
    ],
  }).summary("show the lane: what is open, due, and to be done by whom");
  return addReadingOptions(command)
    .option("--proxy <name>", "this proxy alone, by name or address; several times for several", collect)
    .option("--all", "every statement that has ended, not the newest ten alone")
    .action(async (options) => (await import("./status.js")).status(options));
}
