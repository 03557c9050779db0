import type { Command } from "commander";
import { newCommand } from "../command.js";
import { addSendingOptions } from "../lane/options.js";

/** `sealpatch deploy`: a timelock and its proof system. What it does is loaded when it runs. */
export function deployCommand(): Command {
  const command = newCommand("deploy", {
    description:
      "Deploys verifiers, libraries and timelock, with the roles and bounds of the configuration. Shows every constructor argument and " +
      "who holds which role, then asks. Keys whose class has no place on the chain are refused. What was deployed is recorded in " +
      "deployments.json beside the configuration, where every command finds it. After an interruption the same command goes on: " +
      "nothing is deployed twice.",
    examples: [
      "sealpatch deploy --account governance.json",
      "sealpatch deploy --chain mainnet --account governance.json \\",
      "    --keys 0x1f2e --ptau powersOfTau28_hez_final_18.ptau",
    ],
  })
    .summary("deploy a timelock and its proof system")
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash")
    .option("--ptau <file>", "prove the class of --keys: the powers of tau of its ceremony");
  return addSendingOptions(command, "deploy").action(async (options) =>
    (await import("./deploy.js")).deploy(options),
  );
}
