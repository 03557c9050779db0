import { Command } from "commander";
import { newCommand } from "../command.js";

/** `sealpatch keys ...`: proving keys. What a command does is loaded when it runs. */
export function keysCommand(): Command {
  const development = newCommand("development [circuits...]", {
    description:
      "Makes the development keys that are not on this machine: compiles the circuits and derives the keys, below " +
      "SEALPATCH_HOME or the platform's place for data. CIRCUITS are attest and bind; both unless named. Their secrets are " +
      "published: development keys prove nothing, and are refused on every chain but a local one.",
    examples: ["sealpatch keys development", "SEALPATCH_HOME=./keys sealpatch keys development bind --json"],
  })
    .summary("make the development keys that are not on this machine")
    .action(async (circuits, options) => (await import("./keys.js")).development(circuits, options));
  const add = newCommand("add <package>", {
    description:
      "Installs a key package, the folder that the coordinator of a ceremony published, below SEALPATCH_HOME or the " +
      "platform's place for data, by its setup hash. All of its files are checked against its record, and its circuits against " +
      "those of this release. Nothing that is there is overwritten.",
    examples: ["sealpatch keys add ./keys-of-the-ceremony"],
  })
    .summary("install the key package of a ceremony")
    .action(async (folder, options) => (await import("./packages.js")).add(folder, options));
  const list = newCommand("list", {
    description: "Lists the key packages that are installed, as their records say.",
    examples: ["sealpatch keys list", "sealpatch keys list --json"],
  })
    .summary("list the key packages that are installed")
    .action(async (options) => (await import("./packages.js")).list(options));
  const show = newCommand("show [prefix]", {
    description:
      "Shows an installed key package. PREFIX is the beginning of its setup hash; it may be left out where one package is " +
      "installed. The class is what the record states, and nothing but --ptau proves it: the whole ceremony is verified, one " +
      "line a check. Exit code 1 if one fails, 2 if one could not be made.",
    examples: [
      "sealpatch keys show 0x1f2e",
      "sealpatch keys show 0x1f2e --ptau powersOfTau28_hez_final_18.ptau",
    ],
  })
    .summary("show an installed key package, and prove its class")
    .option("--ptau <file>", "the powers of tau that the ceremony began with")
    .action(async (prefix, options) => (await import("./packages.js")).show(prefix, options));
  const group = new Command("keys").description("Proving keys");
  for (const command of [development, add, list, show]) group.addCommand(command);
  return group;
}
