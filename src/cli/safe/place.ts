import { cwd } from "node:process";
import type { JsonRpcProvider } from "ethers";
import { connectTo, TimelockClient } from "../../chain/index.js";
import type { Manifest } from "../../manifest.js";
import { CONFIGURATION_FILE, nodeUrl, type Project, readProject } from "../../project/index.js";
import { readSafeFolder, type SafeFolder, type SafeKnown } from "../../safe/index.js";
import { findUpwards } from "../../solc/index.js";
import { chosenKeys } from "../keys/chosen.js";
import { checkNodeUrl, usageError } from "../options.js";

/** What names chain and timelock of a folder. */
export interface FolderOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly rpc?: string;
  readonly timelock?: string;
  readonly offline?: boolean;
}

/** A folder, and what is known beside it. */
export interface FolderPlace {
  readonly folder: SafeFolder;
  /** Timelock and node, as far as they are known. */
  readonly known: Pick<SafeKnown, "timelock" | "client">;
  /** Undefined where no node is named. */
  readonly provider: JsonRpcProvider | undefined;
  /** Undefined without a configuration. */
  readonly project: Project | undefined;
  /** The configuration's name of the folder's chain. */
  readonly chain: string | undefined;
}

/**
 * Works with a folder: by the configuration's timelock and node of its chain, or those that are named; without a node where none is.
 * @throws SealpatchError `cli/usage`, as `readSafeFolder`, `readProject` and `connectTo`.
 */
export async function withFolder<T>(
  path: string,
  options: FolderOptions,
  work: (place: FolderPlace) => Promise<T>,
): Promise<T> {
  const { rpc, offline, timelock: named } = options;
  if (rpc !== undefined && offline)
    throw usageError("--rpc and --offline contradict each other", "choose one of the two");
  const folder = await readSafeFolder(path);
  const { chainId } = folder.request;
  const file = options.config ?? findUpwards(cwd(), CONFIGURATION_FILE);
  const project = file === undefined ? undefined : await readProject(file);
  const [chain, entry] =
    Object.entries(project?.configuration.chains ?? {}).find(([, { id }]) => BigInt(id) === chainId) ?? [];
  const address = named ?? entry?.timelock;
  const url = offline ? undefined : rpc !== undefined ? checkNodeUrl(rpc) : entry && nodeUrl(entry);
  const provider = url === undefined ? undefined : await connectTo(url, chainId);
  try {
    // Where nobody names the timelock its line is not checked, and its roles are asked of where the call goes.
    const client =
      provider === undefined
        ? undefined
        : await TimelockClient.at(address ?? folder.request.transaction.to, provider);
    const timelock = address === undefined ? undefined : { chainId, address };
    return await work({ folder, known: { timelock, client }, provider, project, chain });
  } finally {
    provider?.destroy();
  }
}

/**
 * The keys that are named, for the proof of what a folder schedules; undefined where it schedules nothing.
 * @throws SealpatchError as `chosenKeys`.
 */
export async function keysFor(
  { schedule }: Pick<SafeFolder, "schedule">,
  options: { readonly keys?: string },
): Promise<Manifest | undefined> {
  return schedule === undefined || options.keys === undefined
    ? undefined
    : (await chosenKeys(options)).manifest;
}

/** The node of a folder. @throws SealpatchError `cli/usage`. */
export function nodeOf({ provider }: FolderPlace): JsonRpcProvider {
  if (provider !== undefined) return provider;
  throw usageError("no node is named", "give --rpc, or a configuration with the chain of the folder");
}
