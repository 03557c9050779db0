import type { Command } from "commander";
import { CONFIGURATION_OPTION } from "../options.js";

/** Adds the option that names a chain, and the one that names the configuration. */
export function addChainOptions(command: Command): Command {
  return command
    .option("--chain <name>", "chain of the configuration, where that has several")
    .option(...CONFIGURATION_OPTION);
}

/** Adds what every command takes that sends a transaction. */
export function addSendingOptions(command: Command): Command {
  return addChainOptions(command)
    .option("--account <file>", "keystore of the account that sends (default: the configuration's)")
    .option("--account-passphrase-file <file>", "file that holds the account's passphrase (default: ask)")
    .option("--yes", "send without asking");
}
