import { type Block, JsonRpcProvider, type Provider } from "ethers";
import { SealpatchError } from "../errors.js";
import { LOCAL_CHAIN_IDS } from "../networks.js";
import { rebuiltError } from "./errors.js";

/** Seconds that a node may take for one answer. */
const ANSWER_SECONDS = 120;

/**
 * What a node answers, within a time, and no error in its own words. Everything that this package asks a node goes through here.
 * @param action what is asked, in words, for the error.
 * @param seconds how long it may take.
 * @throws SealpatchError `chain/unreachable`, `chain/unsupported-method`, `chain/reverted`, `chain/rejected`.
 */
export async function asked<T>(
  action: string,
  question: () => Promise<T>,
  seconds: number = ANSWER_SECONDS,
): Promise<T> {
  const late = () =>
    new SealpatchError("chain/unreachable", `${action}: the node does not answer`, {
      details: { cause: "TIMEOUT", host: null },
      why: `there was no answer within ${seconds} seconds`,
      remedy: "check the RPC URL and the node",
    });
  try {
    return await within(seconds, question(), late);
  } catch (error) {
    throw rebuiltError(error, action);
  }
}

/**
 * A provider of a node. It asks the node for its chain nowhere by itself, and so does not wait for a node that is not there: what depends on
 * the chain asks `nodeChainId`.
 * @param url of JSON-RPC over HTTP.
 */
export function providerOf(url: string): JsonRpcProvider {
  return new JsonRpcProvider(url, 1, { staticNetwork: true, cacheTimeout: -1 });
}

/** Milliseconds between two looks for a new block. */
const POLLING = 4000;
const LOCAL_POLLING = 50;

/**
 * A provider for signing on one chain, whose node says that it serves it. What is signed for a chain is of no use on another.
 * @param url of JSON-RPC over HTTP.
 * @throws SealpatchError `chain/other-chain`, `chain/unknown-chain`, and as `asked`.
 */
export async function connectTo(url: string, chainId: bigint): Promise<JsonRpcProvider> {
  const provider = new JsonRpcProvider(url, chainId, {
    staticNetwork: true,
    cacheTimeout: -1,
    // Relays take one request at a time.
    batchMaxCount: 1,
    pollingInterval: LOCAL_CHAIN_IDS.has(chainId) ? LOCAL_POLLING : POLLING,
  });
  try {
    await assertServes(provider, chainId);
    return provider;
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

/** @throws SealpatchError `chain/other-chain` where the node serves another chain, `chain/unknown-chain`, and as `asked`. */
export async function assertServes(provider: JsonRpcProvider, chainId: bigint): Promise<void> {
  assertChain(await nodeChainId(provider), chainId);
}

/** @throws SealpatchError `chain/other-chain`. */
export function assertChain(served: bigint, chainId: bigint): void {
  if (served === chainId) return;
  throw new SealpatchError("chain/other-chain", "the node is on another chain", {
    details: { chainId, served },
    why: `it serves the chain ${served}, and ${chainId} is meant`,
    remedy: "give a node of the chain that is meant, or correct the chain's id",
  });
}

/** Waits for something for so many seconds at most. @param late makes the error where it takes longer. */
async function within<T>(seconds: number, work: Promise<T>, late: () => SealpatchError): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** A provider that passes requests on to a node as they are. */
interface NodeProvider {
  send(method: string, parameters: readonly unknown[]): Promise<unknown>;
}

/**
 * The chain id that the node itself says (`eth_chainId`). What the provider believes may be what somebody configured: a
 * static network is never compared with the node.
 * @throws SealpatchError `chain/unknown-chain` where there is no node to ask, or its answer is none; and as `asked`.
 */
export async function nodeChainId(provider: Provider | null): Promise<bigint> {
  const node = provider as Partial<NodeProvider> | null;
  if (typeof node?.send !== "function") throw unknownChain("the provider passes no request on to a node");
  const answer = await asked("reading the chain id", () => node.send!("eth_chainId", []));
  if (typeof answer === "string" && /^0x[0-9a-f]{1,64}$/i.test(answer)) return BigInt(answer);
  throw unknownChain("its answer is no chain id");
}

/** A node's newest block. @throws SealpatchError `chain/no-block` where it has none, and as `asked`. */
export async function newestBlock(provider: Provider): Promise<Block> {
  const block = await asked("reading the newest block", () => provider.getBlock("latest"));
  if (block !== null) return block;
  throw new SealpatchError("chain/no-block", "the node has no newest block", {
    why: "it has not loaded its chain yet, or leaves questions unanswered",
    remedy: "wait until it has, or ask another node",
  });
}

function unknownChain(why: string): SealpatchError {
  return new SealpatchError("chain/unknown-chain", "the node does not say which chain it is on", {
    why,
    remedy: "give a signer or provider of JSON-RPC that is connected to a node",
  });
}
