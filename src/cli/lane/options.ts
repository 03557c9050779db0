import { type Command, InvalidArgumentError } from "commander";
import { blockNumber, CONFIGURATION_OPTION, checkAddress, wholeNumber } from "../options.js";
import { addRelayOptions } from "./relay-options.js";
import { type Purpose, SHOWN } from "./shown.js";

/** Adds the option that names a chain, and the one that names the configuration. */
export function addChainOptions(command: Command): Command {
  return command
    .option("--chain <name>", "chain of the configuration, where that has several")
    .option(...CONFIGURATION_OPTION);
}

/**
 * Adds what every command takes that sends a transaction.
 * @param purpose what it is for: `--public` says what everybody sees of it.
 */
export function addSendingOptions(command: Command, purpose: Purpose): Command {
  addChainOptions(command)
    .option("--account <file>", "keystore of the account that sends (default: the configuration's)")
    .option("--account-passphrase-file <file>", "file that holds the account's passphrase (default: ask)")
    .option("--public", `by the public mempool, which shows ${SHOWN[purpose]}`);
  return addRelayOptions(command)
    .option("--max-fee <gwei>", "most that a unit of gas may cost (default: 300; on local chains any)", gwei)
    .option(
      "--confirmations <count>",
      "blocks that have to have the transaction (default: 2; on local chains 1)",
      wholeNumber,
    )
    .option("--yes", "send without asking");
}

/** For `--max-fee`: wei. */
function gwei(text: string): bigint {
  const parts = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  const wei = parts === null ? 0n : BigInt(parts[1]! + (parts[2] ?? "").padEnd(9, "0"));
  if (wei > 0n) return wei;
  throw new InvalidArgumentError("It takes an amount of gwei above 0, with up to 9 decimals.");
}

/** Adds the options that name a timelock: of the configuration, or by node and address. */
export function addReadingOptions(command: Command): Command {
  return addChainOptions(command)
    .option("--rpc <url>", "without a configuration: JSON-RPC endpoint of a node")
    .option("--timelock <address>", "without a configuration: the FastTrackTimelock", checkAddress)
    .option("--from-block <number>", "without a configuration: its block of deployment", blockNumber);
}
