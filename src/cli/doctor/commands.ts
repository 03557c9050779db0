import { type Command, Option } from "commander";
import { newCommand } from "../command.js";
import { checkAddress } from "../options.js";

/** `sealpatch doctor`: looks at what is deployed. What it does is loaded when it runs. */
export function doctorCommand(): Command {
  return newCommand("doctor", {
    description:
      "Looks at the verifier that a timelock asks, from the keys: their class against the chain, the code of timelock, " +
      "PatchVerifier, Groth16 verifiers and libraries byte for byte, and the setup hash; then tries the published forgery on " +
      "each Groth16 verifier, by eth_call. Nothing is sent. The keys are those of this release unless --keys names others. " +
      "Exit code 0 if all hold, 1 if a line fails, 2 if one could not be checked.",
    examples: [
      "sealpatch doctor --rpc $NODE --timelock 0x5FbD..0aa3",
      "sealpatch doctor --rpc $NODE --timelock 0x5FbD..0aa3 \\",
      "    --keys 0x1f2e --ptau powersOfTau28_hez_final_18.ptau",
    ],
  })
    .summary("look at the verifier of a deployed timelock")
    .addOption(
      new Option("--rpc <url>", "JSON-RPC endpoint of a node").env("SEALPATCH_RPC").makeOptionMandatory(),
    )
    .requiredOption("--timelock <address>", "the FastTrackTimelock", checkAddress)
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash")
    .option("--ptau <file>", "prove the class of --keys: the powers of tau of its ceremony")
    .action(async (options) => (await import("./doctor.js")).doctor(options));
}
