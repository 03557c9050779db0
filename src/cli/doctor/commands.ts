import { type Command, Option } from "commander";
import { newCommand } from "../command.js";
import { CONFIGURATION_OPTION, checkAddress } from "../options.js";

/** `sealpatch doctor`: looks at all that an incident needs. What it does is loaded when it runs. */
export function doctorCommand(): Command {
  return newCommand("doctor", {
    description:
      "Looks at all that an incident needs, one line a check, each with its remedy: this machine; in a project its configuration, " +
      "compiler output, policy files and keystores; and each of its chains: node, relay, gas, the timelock with its verifier and roles, " +
      "and the lane, baseline and policy of each proxy. Outside of a project it looks at this machine alone.\n\n" +
      "With --rpc and --timelock it looks at the verifier of that timelock alone: the keys' class against the chain, the code of " +
      "timelock, PatchVerifier, Groth16 verifiers and libraries byte for byte, and the setup hash; then it tries the published forgery " +
      "on each Groth16 verifier, by eth_call.\n\n" +
      "Nothing is sent. The keys are those of this release unless --keys names others. Exit code 0 if all hold, 1 if a line fails, 2 if " +
      "one could not be checked.",
    examples: [
      "sealpatch doctor",
      "sealpatch doctor --chain mainnet --relay env:RELAY_URL --account 0x70a1..9b2c",
      "sealpatch doctor --rpc $NODE --timelock 0x5FbD..0aa3 \\",
      "    --keys 0x1f2e --ptau powersOfTau28_hez_final_18.ptau",
    ],
  })
    .summary("look at machine, project, node and timelock")
    .option(...CONFIGURATION_OPTION)
    .option("--chain <name>", "this chain of the configuration alone")
    .option("--relay <url>", "look at this private relay, too: a URL, or env:NAME")
    .option("--account <address>", "see whether this account can pay for an incident", checkAddress)
    .addOption(new Option("--rpc <url>", "JSON-RPC endpoint of a node").env("SEALPATCH_RPC"))
    .option("--timelock <address>", "the verifier of this FastTrackTimelock alone", checkAddress)
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash")
    .option("--ptau <file>", "prove the class of --keys: the powers of tau of its ceremony")
    .action(async (options, command: Command) => {
      const isRpcGiven = command.getOptionValueSource("rpc") === "cli";
      const { doctor } = await import("./doctor.js");
      await doctor(options, isRpcGiven);
    });
}
