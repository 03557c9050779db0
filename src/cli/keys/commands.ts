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
  return new Command("keys").description("Proving keys").addCommand(development);
}
