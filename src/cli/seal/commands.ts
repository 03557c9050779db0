import type { Command } from "commander";
import { newCommand } from "../command.js";
import { CONFIGURATION_OPTION, collect } from "../options.js";

/** `sealpatch seal`. What it does is loaded when it runs. */
export function sealCommand(): Command {
  return newCommand("seal", {
    description:
      "Seals a patch for the auditors of a proxy's policy: an encrypted bundle, and beside it the target that it is attested for. " +
      "Everything is checked first as each auditor will, by the project's build-info, the policy and the chain. " +
      "With --group several patches that execute together; then options take NAME=VALUE. " +
      "With --again a bundle is encrypted for more readers, and stays the same patch.",
    examples: [
      "sealpatch seal --proxy v --contract src/V.sol:V --incidents i.json --out p.age",
      "sealpatch seal --proxy v --contract V.json:V --incidents i.json --out p.age",
      "sealpatch seal --group --proxy a=A.sol:A --proxy b=B.sol:B \\\n    --incidents a=a.json --incidents b=b.json --out p.age --to member.json",
      "sealpatch seal --again p.age --keystore member.age --to new.json --out p2.age",
    ],
  })
    .requiredOption("--out <file>", "the bundle to write; with --group one for each NAME, FILE.NAME.age")
    .option("--proxy <name>", "proxy of the configuration; with --group NAME=CONTRACT", collect)
    .option(
      "--contract <source>",
      "the patch: src/Vault.sol:Vault as it stands in the project, or FILE.json:CONTRACT of a build-info file or an artifact",
    )
    .option("--incidents <file>", "vectors that show the bug", collect)
    .option(
      "--current <source>",
      "what is live, in the same way (default: the configuration's contract, from the build-info that compiles to the live code)",
      collect,
    )
    .option("--migration <@file>", "calldata that the upgrade calls, a file of hex", collect)
    .option("--migration-gas <gas>", "gas of that call: at least twice what it needs", collect)
    .option("--constructor-args <@file>", "ABI-encoded constructor arguments, a file of hex", collect)
    .option("--library <name=address>", "where a linked library stands, src/Lib.sol:Lib=0x..", collect)
    .option("--to <recipient>", "another reader: a public file, or an age recipient", collect)
    .option("--valid-for <duration>", "how long the statement may be used (default: max_validity)")
    .option("--group", "several patches, each for its proxy, that execute together in this order")
    .option("--again <bundle>", "a bundle that is to have more readers")
    .option("--keystore <file>", "with --again: who opens it")
    .option("--passphrase-file <file>", "file that holds the passphrase, on one line (default: ask)")
    .option("--solc <package>", "npm package of a solc under another name than solc-RELEASE", collect)
    .option(...CONFIGURATION_OPTION)
    .action(async (options) => {
      if (options.again === undefined) await (await import("./seal.js")).seal(options);
      else await (await import("./again.js")).sealAgain(options);
    });
}
