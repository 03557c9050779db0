import { connectTo, nodeChainId, providerOf, TimelockClient } from "../../chain/index.js";
import { usageError } from "../options.js";
import { timelockOn, withConnection } from "./account.js";

/** What every command takes that reads a lane and sends nothing. */
export interface ReadingOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly chain?: string;
  readonly proxy?: readonly string[];
  readonly rpc?: string;
  readonly timelock?: string;
  readonly fromBlock?: number;
}

/** A timelock that is read. */
export interface LaneSource {
  /** The configuration's name of the chain; undefined without a configuration. */
  readonly chain: string | undefined;
  readonly chainId: bigint;
  readonly timelock: TimelockClient;
  /** Where its logs begin. */
  readonly fromBlock: number;
  /** Addresses of the configuration's proxies on this chain, by name. */
  readonly proxies: ReadonlyMap<string, string>;
  /** The project's folder; undefined without a configuration. */
  readonly folder: string | undefined;
}

/**
 * Works with the timelock that a command line names.
 * @throws SealpatchError `cli/usage`, and as `withConnection` and `timelockOn`.
 */
export async function withLane<T>(
  options: ReadingOptions,
  work: (source: LaneSource) => Promise<T>,
): Promise<T> {
  const { rpc, timelock, fromBlock } = options;
  if (rpc === undefined && timelock === undefined && fromBlock === undefined)
    return withConnection(options, async (connection) => {
      const { project, chain, chainId } = connection;
      const { chains, proxies } = project.configuration;
      const own = Object.entries(proxies).filter(([, entry]) => entry.chain === chain);
      return work({
        chain,
        chainId,
        timelock: await timelockOn(connection),
        fromBlock: chains[chain]!.block ?? 0,
        proxies: new Map(own.map(([name, { address }]) => [name, address])),
        folder: project.folder,
      });
    });
  if (rpc === undefined || timelock === undefined)
    throw usageError(
      "--rpc, --timelock and --from-block go together",
      "give --rpc and --timelock, or neither",
    );
  if (options.chain !== undefined || options.config !== undefined)
    throw usageError("--rpc and --timelock take no configuration", "leave out --chain and --config");
  if (!URL.canParse(rpc) || !/^https?:$/.test(new URL(rpc).protocol))
    throw usageError("--rpc is no URL", "give the http or https URL of a node");
  const chainId = await servedBy(rpc);
  const provider = await connectTo(rpc, chainId);
  try {
    const client = await TimelockClient.at(timelock, provider);
    const nowhere = { chain: undefined, proxies: new Map<string, string>(), folder: undefined };
    return await work({ ...nowhere, chainId, timelock: client, fromBlock: fromBlock ?? 0 });
  } finally {
    provider.destroy();
  }
}

async function servedBy(rpc: string): Promise<bigint> {
  const provider = providerOf(rpc);
  try {
    return await nodeChainId(provider);
  } finally {
    provider.destroy();
  }
}

/** Names of proxies by address, for people. */
export function namesOf({ proxies }: Pick<LaneSource, "proxies">): (proxy: string) => string | undefined {
  const names = new Map([...proxies].map(([name, address]) => [address.toLowerCase(), name]));
  return (proxy) => names.get(proxy.toLowerCase());
}
