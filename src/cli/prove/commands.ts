import type { Command } from "commander";
import { newCommand } from "../command.js";
import { CONFIGURATION_OPTION, collect } from "../options.js";

/** `sealpatch prove`. What it does is loaded when it runs. */
export function proveCommand(): Command {
  return newCommand("prove <bundle> [files...]", {
    description:
      "Proves a sealed patch, as a member of the council: reviews it as its auditors do, makes the proof that binds the code at once, and " +
      "the proof of the attestations as soon as there are enough; says whose is missing, and whose is for another bundle. FILES are " +
      "attestations, and for a group its other bundles, in its order. Proofs are kept in .sealpatch, encrypted to their maker, and " +
      "not made twice. Writes schedule.json, which is public from schedule on, and execution.age, which holds the patch. Exit code 1 " +
      "as long as attestations are missing.",
    examples: [
      "sealpatch prove patch.age --keystore member.age",
      "sealpatch prove patch.age first.json second.json --keystore member.age \\",
      "    --to executor.json --out proven",
    ],
  })
    .summary("prove a sealed patch, as the council")
    .option("--keystore <file>", "the member's keystore (default: the configuration's)")
    .option("--passphrase-file <file>", "file that holds the passphrase, on one line (default: ask)")
    .option(
      "--target <file>",
      "target of each bundle, in their order (default: BUNDLE's .target.json)",
      collect,
    )
    .option("--to <reader>", "another reader of execution.age: a public file, or an age recipient", collect)
    .option("--out <folder>", "folder that both files are written to", ".")
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash")
    .option("--solc <package...>", "npm packages of solc under other names than solc-RELEASE")
    .option(...CONFIGURATION_OPTION)
    .action(async (bundle, files, options) =>
      (await import("./prove.js")).prove([bundle, ...files], options),
    );
}
