import { cwd } from "node:process";
import { nodeChainId, providerOf, TimelockClient } from "../../chain/index.js";
import type { Target } from "../../patch/index.js";
import { CONFIGURATION_FILE, chainNamed, nodeUrl, type Project } from "../../project/index.js";
import { findUpwards } from "../../solc/index.js";
import { projectOf } from "../configuration.js";
import { checkNodeUrl, usageError } from "../options.js";

/** What a command line says of chain and timelock. */
export interface PlaceOptions {
  readonly rpc?: string;
  readonly timelock?: string;
  readonly fromBlock?: number;
  readonly chain?: string;
  readonly config?: string;
}

/** A timelock, and who says that it is the one. */
export interface Place {
  readonly timelock: TimelockClient;
  readonly chainId: bigint;
  readonly namedBy: "--timelock" | "the file" | "the configuration";
  /** Where its logs begin. */
  readonly fromBlock: number;
}

/** Whether a command line, or a configuration, names a node. */
export function hasNode(options: PlaceOptions): boolean {
  return options.rpc !== undefined || hasConfiguration(options);
}

function hasConfiguration({ config }: PlaceOptions): boolean {
  return config !== undefined || findUpwards(cwd(), CONFIGURATION_FILE) !== undefined;
}

/**
 * Works with the timelock that the command line names, else the configuration, else the file by its targets. A file that is for another
 * timelock than the configuration's is refused: who made it may have made that timelock, too.
 * @param targets that the file names.
 * @throws SealpatchError `cli/usage` where none of them does; as `projectOf`, `chainNamed`, `nodeUrl`, `nodeChainId`.
 */
export async function withPlace<T>(
  options: PlaceOptions,
  targets: readonly Target[],
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const isNamed = options.timelock !== undefined || targets.length > 0;
  // Where there is a configuration, a file does not get to name another timelock than it.
  const isAlone = options.rpc !== undefined && isNamed && !hasConfiguration(options);
  const project = isAlone ? undefined : await projectOf(options);
  const provider = providerOf(
    options.rpc === undefined ? nodeOf(project!, options, targets) : checkNodeUrl(options.rpc),
  );
  try {
    const chainId = await nodeChainId(provider);
    const { address, namedBy, block } = timelockOf(options, targets, { project, chainId });
    const timelock = await TimelockClient.at(address, provider);
    return await work({ timelock, chainId, namedBy, fromBlock: options.fromBlock ?? block });
  } finally {
    provider.destroy();
  }
}

/** The node of the chain that is named, else of the one that the file is for, else of the only one. */
function nodeOf({ configuration }: Project, { chain }: PlaceOptions, targets: readonly Target[]): string {
  const { chains } = configuration;
  const ofFile = Object.keys(chains).find((name) =>
    targets.some(({ chainId }) => chainId === BigInt(chains[name]!.id)),
  );
  return nodeUrl(chains[chainNamed(configuration, chain ?? ofFile)]!);
}

function timelockOf(
  options: PlaceOptions,
  targets: readonly Target[],
  { project, chainId }: { readonly project: Project | undefined; readonly chainId: bigint },
): { readonly address: string; readonly namedBy: Place["namedBy"]; readonly block: number } {
  const configured = Object.values(project?.configuration.chains ?? {}).find(
    ({ id }) => BigInt(id) === chainId,
  );
  const found = (address: string, namedBy: Place["namedBy"]) => {
    const isConfigured =
      configured?.timelock !== undefined && BigInt(configured.timelock) === BigInt(address);
    return { address, namedBy, block: isConfigured ? (configured.block ?? 0) : 0 };
  };
  if (options.timelock !== undefined) return found(options.timelock, "--timelock");
  const named = [
    ...new Set(targets.filter((target) => target.chainId === chainId).map(({ timelock }) => timelock)),
  ];
  if (named.length === 1 && configured?.timelock === undefined) return found(named[0]!, "the file");
  if (named.length === 1 && BigInt(named[0]!) === BigInt(configured!.timelock!))
    return found(named[0]!, "the configuration");
  if (targets.length > 0) {
    throw usageError(
      named.length === 0
        ? `the file has no target on chain ${chainId}`
        : named.length === 1
          ? "the file is for another timelock than the configuration's"
          : "the file names several timelocks of this chain",
      named.length === 0
        ? "give a node of a chain that it is for"
        : "name the one that is meant with --timelock",
    );
  }
  if (configured?.timelock !== undefined) return found(configured.timelock, "the configuration");
  throw usageError(`nobody names the timelock of chain ${chainId}`, "give its address with --timelock");
}
