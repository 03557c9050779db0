import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addSendingOptions } from "../lane/options.js";
import { collect } from "../options.js";
import { addTimeOptions } from "../report/options.js";
import { addSafeOptions } from "../safe/options.js";

/** `sealpatch reveal`. What it does is loaded when it runs. */
export function revealCommand(): Command {
  const command = newCommand("reveal <bundle> <files...>", {
    description:
      "Discloses what was executed, by an account that holds COUNCIL_ROLE: a group as a whole. FILES are the schedule.json of prove, the " +
      "attestations, and for a group its other bundles, in its order. Everything that the public will check is checked first; then it " +
      "shows what becomes public, and asks. The disclosure is on disk before the transaction that commits to its hash is sent, and the " +
      "next run takes the same file. Then it writes the post-incident report beside it.",
    examples: [
      "sealpatch reveal patch.age schedule.json first.json second.json \\",
      "    --uri https://example.org/disclosure.json --account council.json",
      "sealpatch reveal patch.age schedule.json first.json second.json \\",
      "    --uri https://example.org/disclosure.json --safe",
    ],
  })
    .summary("disclose what was executed")
    .requiredOption(
      "--uri <uri>",
      "where the file will be found; of a group, one for each statement",
      collect,
    )
    .option("--out <folder>", "folder that is written to", "disclosure")
    .option("--keystore <file>", "the member's keystore (default: the configuration's)")
    .option("--passphrase-file <file>", "file that holds the keystore's passphrase (default: ask)")
    .option("--solc <package...>", "npm packages of solc under other names than solc-RELEASE");
  return addSafeOptions(addSendingOptions(addTimeOptions(command), "disclose")).action(
    async (bundle, files, options) => {
      const all = [bundle, ...files];
      return options.safe === undefined
        ? (await import("./reveal.js")).reveal(all, options)
        : (await import("./by-safe.js")).revealBySafe(all, options);
    },
  );
}
