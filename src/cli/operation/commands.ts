import { Command } from "commander";
import { newCommand } from "../command.js";
import { addChainOptions } from "../lane/options.js";
import { checkAddress } from "../options.js";

/** Adds what tells operations apart, and says when they may be executed. */
export function addOperationOptions(command: Command): Command {
  return command
    .option("--salt <hex>", "32 bytes that tell equal operations apart (default: random)")
    .option("--delay <duration>", "between schedule and execution (default: the timelock's min_delay)");
}

const PRINTS =
  "Prints it as transactions for an account or a Safe, and as a proposal for a Governor, with its id and salt; sends nothing.";

/** `sealpatch operation ...`: what governance does on the slow path. What a command does is loaded when it runs. */
export function operationCommand(): Command {
  const load = () => import("./operation.js");
  const resume = newCommand("resume", {
    description: `The slow-path operation that ends a halt of the fast lane. ${PRINTS}`,
    examples: ["sealpatch operation resume", "sealpatch operation resume --json > operation.json"],
  })
    .summary("end a halt of the fast lane")
    .action(async (options) => (await load()).resume(options));
  const clearFreeze = newCommand("clear-freeze <commitment>", {
    description: `The slow-path operation that waives the overdue disclosure of a statement, which freezes the lane. ${PRINTS}`,
    examples: ["sealpatch operation clear-freeze 0x1f2e..77aa"],
  })
    .summary("waive an overdue disclosure")
    .action(async (commitment, options) => (await load()).clearFreeze(commitment, options));
  const setBaseline = newCommand("set-baseline <proxy>", {
    description:
      "The slow-path operation that states what a proxy of the configuration runs: the implementation of its slot and the digest of its " +
      `code, both from the chain, and the layout root of its policy file. ${PRINTS}`,
    examples: ["sealpatch operation set-baseline Vault"],
  })
    .summary("state what a proxy runs")
    .action(async (proxy, options) => (await load()).setBaseline(proxy, options));
  const setVerifier = newCommand("set-verifier <address>", {
    description:
      "The slow-path operation that points the timelock at another PatchVerifier, whose code is first compared with the keys, byte for " +
      `byte. Every scheduled statement ends with it. ${PRINTS}`,
    examples: ["sealpatch operation set-verifier 0x5FbD..0aa3"],
  })
    .summary("point the timelock at another verifier")
    .option("--keys <prefix>", "an installed key package, by the first digits of its setup hash")
    .option("--ptau <file>", "prove the class of --keys: the powers of tau of its ceremony")
    .action(async (address, options) => (await load()).setVerifier(checkAddress(address), options));
  const group = new Command("operation").description("Operations of the slow path, to be sent by governance");
  for (const command of [resume, clearFreeze, setBaseline, setVerifier])
    group.addCommand(addChainOptions(addOperationOptions(command)));
  return group;
}
