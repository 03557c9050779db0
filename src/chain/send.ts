import type { Signer, TransactionReceipt, TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";

/** A mined transaction. */
export interface Mined {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly receipt: TransactionReceipt;
}

/** How a transaction reaches the chain. */
export type SendTransaction = (transaction: TransactionRequest) => Promise<Mined>;

/**
 * Sends by a signer and waits for one confirmation.
 * @example
 * ```ts
 * await timelock.through(sendWith(guardian)).halt("an incident");
 * ```
 */
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
