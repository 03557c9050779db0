import { type Signer, Wallet } from "ethers";
import { MOST_BLOCKS, type Outlet, relayTo, relayUrlFault } from "../../chain/index.js";
import { SealpatchError } from "../../errors.js";
import { readAccount } from "../../keystore/index.js";
import { nodeUrl } from "../../project/index.js";
import { usageError } from "../options.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";
import type { Connection } from "./account.js";
import type { RelayCommandOptions } from "./relay-options.js";

/** The word for a key that signs requests in this run alone. */
const ONCE = "once";

/** The URL of a relay, as `--relay` names it. @throws SealpatchError `cli/usage`, and as `nodeUrl`. */
export function urlOfRelay(relay: string): string {
  const url = relay.startsWith("env:") ? nodeUrl({ rpc: relay }) : relay;
  const fault = relayUrlFault(url);
  if (fault === undefined) return url;
  throw usageError(
    `--relay is not the URL of a relay: ${fault}`,
    "give a URL of https (http on this machine alone), or env:NAME",
  );
}

/**
 * Checks what the options say of a relay, before anybody is asked for anything.
 * @returns its URL; undefined where none is named.
 * @throws SealpatchError `cli/usage`, and as `urlOfRelay`.
 */
export function chosenRelay(options: RelayCommandOptions): string | undefined {
  const { relay, relayKind = "plain", relayBlocks, relayKey, relayPassphraseFile } = options;
  if (relay === undefined) {
    const alone = (["relayKind", "relayBlocks", "relayKey", "relayPassphraseFile"] as const).find(
      (name) => options[name] !== undefined,
    );
    if (alone === undefined) return undefined;
    throw usageError(`--${inKebabCase(alone)} is given without --relay`, "name the relay with --relay");
  }
  if (relayBlocks !== undefined && relayKind === "plain")
    throw usageError(
      "--relay-blocks is given, and a plain endpoint keeps a transaction as long as it likes",
      "name another kind with --relay-kind, or leave it out",
    );
  if (relayBlocks !== undefined && (relayBlocks < 1 || relayBlocks > MOST_BLOCKS))
    throw usageError("--relay-blocks is out of range", `give 1 to ${MOST_BLOCKS}`);
  if (relayPassphraseFile !== undefined && (relayKey === undefined || relayKey === ONCE))
    throw usageError(
      "--relay-passphrase-file opens nothing",
      "name the keystore with --relay-key, or leave it out",
    );
  return urlOfRelay(relay);
}

/**
 * The relay that the options name, as an outlet.
 * @returns undefined where they name none.
 * @throws SealpatchError as `chosenRelay`, `passphraseOf` and `readAccount`.
 */
export async function openRelay(
  options: RelayCommandOptions,
  { provider }: Pick<Connection, "provider">,
  terminal?: AskingTerminal,
): Promise<Outlet | undefined> {
  const url = chosenRelay(options);
  if (url === undefined) return undefined;
  const { relayKind: kind = "plain", relayBlocks: blocks } = options;
  const signer = await signerOf(options, terminal);
  const outlet = relayTo({
    ...{ url, kind, provider },
    ...(blocks === undefined ? {} : { blocks }),
    ...(signer === undefined ? {} : { signer }),
  });
  const { host } = outlet;
  return {
    host,
    submit: (raw) => outlet.submit(raw),
    estimateGas: (request) => outlet.estimateGas(request).catch(withGasOption),
  };
}

async function signerOf(
  { relayKey, relayPassphraseFile: file }: RelayCommandOptions,
  terminal?: AskingTerminal,
): Promise<Signer | undefined> {
  if (relayKey === undefined) return undefined;
  if (relayKey === ONCE) return Wallet.createRandom();
  return readAccount(relayKey, await passphraseOf({ file, isNew: false, of: "relay" }, terminal));
}

/** The command line's word for what is missing. Of all methods that a node may lack, this one alone has an option. */
function withGasOption(error: SealpatchError): never {
  if (error.code !== "chain/unsupported-method") throw error;
  const { code, message, details, why, remedy } = error;
  throw new SealpatchError(code, message, {
    details,
    ...(why === undefined ? {} : { why }),
    remedy: `${remedy} (--gas AMOUNT)`,
  });
}

const inKebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
