import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addSendingOptions } from "../lane/options.js";

/** `sealpatch execute`. What it does is loaded when it runs. */
export function executeCommand(): Command {
  const command = newCommand("execute [file]", {
    description:
      "Executes what was scheduled, in one transaction: a group as a whole. FILE is the execution.age of prove. The transaction shows " +
      "the patch before it is mined, and with it the bug: off local chains it goes through a private relay, or in the open where " +
      "--public says so. What can be checked without showing it to a node is checked first. Given again, it goes on with what may still be " +
      "mined, by the same nonce, and says who executed what is executed. With --cancel, and without FILE, it uses up the nonce of whatever " +
      "is under way from the account.",
    examples: [
      "sealpatch execute execution.age --keystore executor.age --account executor.json \\",
      "    --relay env:RELAY_URL",
      "sealpatch execute execution.age --keystore executor.age --account executor.json --public",
      "sealpatch execute --cancel --account executor.json",
    ],
  })
    .summary("execute what was scheduled, in one transaction")
    .option("--keystore <file>", "keystore that opens FILE (default: the configuration's)")
    .option("--passphrase-file <file>", "file that holds the keystore's passphrase (default: ask)")
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash")
    .option(
      "--cancel",
      "use up the nonce of what is under way by an empty transaction, which shows nothing, in the public mempool",
    );
  return addSendingOptions(command, "execute").action(async (file, options) =>
    (await import("./execute.js")).execute(file, options),
  );
}
