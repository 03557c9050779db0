import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addSendingOptions } from "../lane/options.js";

/** `sealpatch execute`. What it does is loaded when it runs. */
export function executeCommand(): Command {
  const command = newCommand("execute <file>", {
    description:
      "Executes what was scheduled, in one transaction: a group as a whole. FILE is the execution.age of prove. The transaction shows " +
      "the patch before it is mined, and with it the bug: off local chains it goes through a private relay, or in the open where " +
      "--public says so. What can be checked without showing it to a node is checked first.",
    examples: [
      "sealpatch execute execution.age --keystore executor.age --account executor.json \\",
      "    --relay env:RELAY_URL",
      "sealpatch execute execution.age --keystore executor.age --account executor.json --public",
    ],
  })
    .summary("execute what was scheduled, in one transaction")
    .option("--keystore <file>", "keystore that opens FILE (default: the configuration's)")
    .option("--passphrase-file <file>", "file that holds the keystore's passphrase (default: ask)")
    .option("--relay <url>", "a private relay or a sequencer's own endpoint: a URL, or env:NAME")
    .option("--public", "by the public mempool: everybody sees the patch before it is installed")
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash");
  return addSendingOptions(command).action(async (file, options) =>
    (await import("./execute.js")).execute(file, options),
  );
}
