import type { Command } from "commander";
import { newCommand } from "../command.js";
import { CONFIGURATION_OPTION, SHOW_INCIDENTS } from "../options.js";

/** `sealpatch attest`. What it does is loaded when it runs. */
export function attestCommand(): Command {
  return newCommand("attest <bundle>", {
    description:
      "Reviews a sealed patch as its auditor, and signs. Everything is done again on this machine: the sources are compiled, the " +
      "layouts compared, all vectors run, policy and target held against the chain. Then it shows how the sources differ, the " +
      "layout, the results, and each value that is signed, and asks for the first six digits of the commitment.",
    examples: [
      "sealpatch attest patch.age --keystore auditor.age",
      "sealpatch attest p.age --keystore me.age --passphrase-file pass.txt --yes",
    ],
  })
    .option("--keystore <file>", "the auditor's keystore (default: the configuration's)")
    .option("--target <file>", "the target that is attested for (default: BUNDLE's .target.json)")
    .option("--out <file>", "the attestation to write (default: BUNDLE's .attestation.json)")
    .option("--passphrase-file <file>", "file that holds the passphrase, on one line (default: ask)")
    .option("--yes", "sign without asking")
    .option(...SHOW_INCIDENTS)
    .option("--solc <package...>", "npm packages of solc under other names than solc-RELEASE")
    .option(...CONFIGURATION_OPTION)
    .action(async (bundle, options) => (await import("./attest.js")).attestBundle(bundle, options));
}
