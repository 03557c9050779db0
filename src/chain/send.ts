import type { Signer, TransactionReceipt, TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { LOCAL_CHAIN_IDS } from "../networks.js";

/** A mined transaction. */
export interface Mined {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly receipt: TransactionReceipt;
}

/** How a transaction reaches the chain. */
export type SendTransaction = (transaction: TransactionRequest) => Promise<Mined>;

/** Sends by a signer and waits for one confirmation. */
export function sendWith(signer: Signer): SendTransaction {
  return async (transaction) => {
    const response = await signer.sendTransaction(transaction);
    const receipt = await response.wait();
    if (receipt === null || receipt.status !== 1) {
      throw new SealpatchError("chain/failed", "the transaction was mined and failed", {
        details: { hash: response.hash },
      });
    }
    return { hash: response.hash, gasUsed: receipt.gasUsed, receipt };
  };
}

/**
 * How an execution is sent: it shows the patch to anyone who sees it, so off local chains it needs a private relay (T11).
 * @param privateRelay signer whose provider is a relay that keeps transactions out of the public mempool.
 * @throws SealpatchError `chain/public-mempool`.
 */
export async function executionSender(signer: Signer, privateRelay?: Signer): Promise<SendTransaction> {
  if (privateRelay !== undefined) return sendWith(privateRelay);
  const chainId = (await signer.provider?.getNetwork())?.chainId;
  if (chainId !== undefined && LOCAL_CHAIN_IDS.has(chainId)) return sendWith(signer);
  throw new SealpatchError("chain/public-mempool", "an execution must not go through the public mempool", {
    details: { chainId: chainId ?? null },
    why: "the transaction shows the patch, and with it the bug, before it is mined",
    remedy: "give a private relay",
  });
}
