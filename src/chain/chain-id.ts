import type { Provider } from "ethers";
import { SealpatchError } from "../errors.js";
import { rebuiltError } from "./errors.js";

/** A provider that passes requests on to a node as they are. */
interface NodeProvider {
  send(method: string, parameters: readonly unknown[]): Promise<unknown>;
}

/**
 * The chain id that the node itself says (`eth_chainId`). What the provider believes may be what somebody configured: a
 * static network is never compared with the node.
 * @throws SealpatchError `chain/unknown-chain` where there is no node to ask, or its answer is none; `chain/unreachable`,
 *   `chain/rejected`.
 */
export async function nodeChainId(provider: Provider | null): Promise<bigint> {
  const node = provider as Partial<NodeProvider> | null;
  if (typeof node?.send !== "function") throw unknownChain("the provider passes no request on to a node");
  const answer = await node.send("eth_chainId", []).catch((error: unknown) => {
    throw rebuiltError(error, "asking for the chain id");
  });
  if (typeof answer === "string" && /^0x[0-9a-f]{1,64}$/i.test(answer)) return BigInt(answer);
  throw unknownChain("its answer is no chain id");
}

function unknownChain(why: string): SealpatchError {
  return new SealpatchError("chain/unknown-chain", "the node does not say which chain it is on", {
    why,
    remedy: "give a signer or provider of JSON-RPC that is connected to a node",
  });
}
