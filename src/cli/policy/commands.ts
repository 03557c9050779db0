import { Command } from "commander";
import { newCommand } from "../command.js";
import { addOperationOptions } from "../operation/commands.js";
import { CONFIGURATION_OPTION } from "../options.js";

/** `sealpatch policy ...`: what governance demands of patches. What a command does is loaded when it runs. */
export function policyCommand(): Command {
  const build = newCommand("build [proxies...]", {
    description:
      "Builds the policy of each proxy, or of those named, and writes it where the configuration has it: auditors by their public " +
      "files, of which each must be signed by its own key, baseline vectors, and the storage layout of the implementation, from the " +
      "compiler's output. Prints the roots that governance registers.",
    examples: ["sealpatch policy build Vault --replace", "sealpatch policy build"],
  })
    .option("--replace", "replace a policy that is there and differs")
    .option(...CONFIGURATION_OPTION)
    .action(async (proxies, options) => (await import("./build.js")).build(proxies, options));
  const check = newCommand("check [proxies...]", {
    description:
      "Recomputes each root of a policy file from its members, and compares it with what the configuration makes; with --rpc also " +
      "with what the timelock has, value by value, and the implementation's code with the compiler's output. Exit code 1 if one differs.",
    examples: ["sealpatch policy check Vault --rpc", "sealpatch policy check"],
  })
    .option("--rpc [url]", "compare with the timelock, by this node (default: the configuration's)")
    .option(...CONFIGURATION_OPTION)
    .action(async (proxies, options) => (await import("./check.js")).check(proxies, options));
  const operation = addOperationOptions(
    newCommand("operation [proxies...]", {
      description:
        "Prints the slow-path operation that sets the policies of these proxies of one chain: the transactions that schedule and execute " +
        "it, for an account, a Safe or a Governor, with its id and salt. Sends nothing. Refuses a policy file that is not what the " +
        "configuration makes.",
      examples: [
        "sealpatch policy operation Vault",
        "sealpatch policy operation Vault --delay 8d --json > operation.json",
      ],
    }),
  )
    .option(...CONFIGURATION_OPTION)
    .action(async (proxies, options) => (await import("./operation.js")).operation(proxies, options));
  return new Command("policy")
    .description("What governance demands of patches: build it, check it, set it")
    .addCommand(build)
    .addCommand(check)
    .addCommand(operation);
}
