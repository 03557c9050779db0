import { type Command, InvalidArgumentError, Option } from "commander";
import type { RelayKind } from "../../chain/index.js";
import { wholeNumber } from "../options.js";

/** What the options of a private relay hold. */
export interface RelayCommandOptions {
  readonly relay?: string;
  readonly relayKind?: RelayKind;
  readonly relayBlocks?: number;
  readonly relayKey?: string;
  readonly relayPassphraseFile?: string;
  readonly gas?: bigint;
}

/** Adds the options that lead a transaction past the public mempool. */
export function addRelayOptions(command: Command): Command {
  return command
    .option("--relay <url>", "a private relay or a sequencer's own endpoint: a URL, or env:NAME")
    .addOption(
      new Option(
        "--relay-kind <kind>",
        "how it takes a transaction: as any node, by eth_sendPrivateTransaction, or by eth_sendBundle (default: plain)",
      ).choices(["plain", "private", "bundle"] satisfies RelayKind[]),
    )
    .option(
      "--relay-blocks <count>",
      "blocks that it is offered for (default: 25); not of plain",
      wholeNumber,
    )
    .option(
      "--relay-key <file>",
      "sign requests by the keystore of this account, or by a key made for this run: once",
    )
    .option("--relay-passphrase-file <file>", "file that holds that keystore's passphrase (default: ask)")
    .option("--gas <amount>", "gas of the transaction, where the relay cannot say what it takes", gasAmount);
}

/** For `--gas`. */
function gasAmount(text: string): bigint {
  if (/^[1-9]\d{0,9}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("It takes a whole number above 0.");
}
