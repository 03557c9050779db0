import { resolve } from "node:path";
import type { JsonRpcProvider, Wallet } from "ethers";
import { connectTo } from "../../chain/index.js";
import { readAccount } from "../../keystore/index.js";
import { chainNamed, nodeUrl, type Project } from "../../project/index.js";
import { type ConfigurationOptions, projectOf } from "../configuration.js";
import { usageError } from "../options.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";

/** What every command takes that sends a transaction. */
export interface SendingOptions extends ConfigurationOptions {
  readonly chain?: string;
  readonly account?: string;
  readonly accountPassphraseFile?: string;
  readonly yes?: boolean;
}

/** A chain of the configuration, with a node that serves it. */
export interface Connection {
  readonly project: Project;
  readonly chain: string;
  readonly chainId: bigint;
  readonly provider: JsonRpcProvider;
}

/**
 * Works with the node of a chain of the configuration.
 * @throws SealpatchError as `projectOf`, `chainNamed`, `nodeUrl` and `connectTo`.
 */
export async function withConnection<T>(
  options: ConfigurationOptions & { readonly chain?: string },
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const project = await projectOf(options);
  const chain = chainNamed(project.configuration, options.chain);
  const entry = project.configuration.chains[chain]!;
  const chainId = BigInt(entry.id);
  const provider = await connectTo(nodeUrl(entry), chainId);
  try {
    return await work({ project, chain, chainId, provider });
  } finally {
    provider.destroy();
  }
}

/** The keystore of the account that sends: of the option, else of the configuration. @throws SealpatchError `cli/usage`. */
export function accountFile({ account }: SendingOptions, { configuration, folder }: Project): string {
  if (account !== undefined) return account;
  const named = configuration.keystores?.account;
  if (named !== undefined) return resolve(folder, named);
  throw usageError(
    "no account is named that sends",
    "name its keystore with --account, or as keystores.account in the configuration",
  );
}

/** Opens the account that sends, connected to the chain. @throws SealpatchError as `passphraseOf` and `readAccount`. */
export async function openAccount(
  options: SendingOptions,
  { project, provider }: Connection,
  terminal?: AskingTerminal,
): Promise<Wallet> {
  const file = accountFile(options, project);
  const wanted = { file: options.accountPassphraseFile, isNew: false, of: "account" } as const;
  const passphrase = await passphraseOf(wanted, terminal);
  return (await readAccount(file, passphrase)).connect(provider);
}
