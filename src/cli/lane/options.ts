import type { Command } from "commander";
import { blockNumber, CONFIGURATION_OPTION, checkAddress } from "../options.js";

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

/** Adds the options that name a timelock: of the configuration, or by node and address. */
export function addReadingOptions(command: Command): Command {
  return addChainOptions(command)
    .option("--rpc <url>", "without a configuration: JSON-RPC endpoint of a node")
    .option("--timelock <address>", "without a configuration: the FastTrackTimelock", checkAddress)
    .option("--from-block <number>", "without a configuration: its block of deployment", blockNumber);
}
