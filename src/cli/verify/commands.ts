import { type Command, Option } from "commander";
import { newCommand } from "../command.js";
import { addChainOptions } from "../lane/options.js";
import { blockNumber, checkAddress } from "../options.js";

/** `sealpatch verify`. What it does is loaded when it runs. */
export function verifyCommand(): Command {
  const command = newCommand("verify <what>", {
    description:
      "Checks again what others claim, one line a check. WHAT is the id or the commitment of a statement, or a file: a disclosure, a " +
      "policy, a proof with its statement, or a schedule. A disclosure is compiled, run and compared with the chain, trusting nobody; of a " +
      "statement, proof, signals and policy are those of the block of its schedule. The timelock is the one that --timelock names, or the " +
      "configuration; where the file alone names it, that is a line which is not checked. Exit code 0 if all hold, 1 if a line fails, 2 if one could not be checked.",
    examples: [
      "sealpatch verify disclosure.json --rpc $NODE --timelock 0x5FbD..0aa3",
      "sealpatch verify 0x1f2e..77aa --rpc $NODE --timelock 0x5FbD..0aa3",
      "sealpatch verify policy.json --rpc $NODE --timelock 0x5FbD..0aa3 \\",
      "    --at 0x1f2e..77aa",
      "sealpatch verify disclosure.json --rpc $NODE --publication for-explorers",
    ],
  });
  return addChainOptions(command)
    .summary("check a statement, proof, policy or disclosure again")
    .addOption(
      new Option("--rpc <url>", "JSON-RPC endpoint of a node (default: the configuration's)").env(
        "SEALPATCH_RPC",
      ),
    )
    .option("--timelock <address>", "the FastTrackTimelock", checkAddress)
    .option("--from-block <number>", "block in which the timelock was deployed", blockNumber)
    .option("--proxy <address>", "of a policy: the proxy that it is for, at the newest block", checkAddress)
    .option(
      "--at <id>",
      "of a policy: as it was when this statement was scheduled; of a disclosure: its statement",
    )
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash")
    .option("--ptau <file>", "prove the class of --keys: the powers of tau of its ceremony")
    .option(
      "--hashes",
      "of a disclosure: print every hash of it, recomputed, by its name in docs/encodings.md",
    )
    .option("--publication <folder>", "of a disclosure that holds: write the input of source verifiers there")
    .action(async (what, options) => (await import("./verify.js")).verify(what, options));
}
