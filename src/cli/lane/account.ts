import { resolve } from "node:path";
import type { JsonRpcProvider, Wallet } from "ethers";
import { connectTo, TimelockClient } from "../../chain/index.js";
import { SealpatchError } from "../../errors.js";
import { readAccount } from "../../keystore/index.js";
import { chainNamed, nodeUrl, type Project } from "../../project/index.js";
import { type ConfigurationOptions, projectOf } from "../configuration.js";
import { usageError } from "../options.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";
import type { RelayCommandOptions } from "./relay-options.js";

/** What every command takes that sends a transaction. */
export interface SendingOptions extends ConfigurationOptions, RelayCommandOptions {
  readonly chain?: string;
  readonly account?: string;
  readonly accountPassphraseFile?: string;
  readonly public?: boolean;
  /** In wei for a unit of gas. */
  readonly maxFee?: bigint;
  readonly confirmations?: number;
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

/** The keystore of the account that sends or signs: of the option, else of the configuration. @throws SealpatchError `cli/usage`. */
export function accountFile(
  { account }: Pick<SendingOptions, "account">,
  project: Pick<Project, "configuration" | "folder"> | undefined,
): string {
  if (account !== undefined) return account;
  const named = project?.configuration.keystores?.account;
  if (named !== undefined) return resolve(project!.folder, named);
  throw usageError(
    "no account is named that sends or signs",
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

/**
 * The timelock of the chain, read by the configuration's node.
 * @throws SealpatchError `config/no-timelock`.
 */
export function timelockOn({ project, chain, provider }: Connection): Promise<TimelockClient> {
  const { timelock } = project.configuration.chains[chain]!;
  if (timelock !== undefined) return TimelockClient.at(timelock, provider);
  throw new SealpatchError(
    "config/no-timelock",
    `the configuration does not say which timelock ${chain} has`,
    {
      details: { chain },
      why: "neither it nor the record of deployments names one",
      remedy: `deploy it, or add its address as chains.${chain}.timelock`,
    },
  );
}

/** The configuration's name of a proxy, for people; its address where it has none. */
export function proxyName({ project, chain }: Pick<Connection, "project" | "chain">, proxy: string): string {
  const found = Object.entries(project.configuration.proxies).find(
    ([, entry]) => entry.chain === chain && BigInt(entry.address) === BigInt(proxy),
  );
  return found === undefined ? proxy : `${found[0]} (${proxy})`;
}

/** A time of the chain, seconds since the epoch, as people read it. */
export function shownTime(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}
