import type { Signer, TransactionReceipt, TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { TRANSACTION_GAS } from "../patch/index.js";
import { rebuiltError } from "./errors.js";

/** A mined transaction. */
export interface Mined {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly receipt: TransactionReceipt;
}

/** How a transaction reaches the chain. */
export type SendTransaction = (transaction: TransactionRequest) => Promise<Mined>;

/**
 * Sends by a signer and waits for one confirmation. Asks the node first what it takes, and refuses what no block holds. Errors say
 * nothing of the transaction.
 * @returns a sender that throws SealpatchError `chain/too-much-gas`, `chain/reverted`, `chain/unreachable`, `chain/rejected`,
 *   `chain/failed`.
 * @example
 * ```ts
 * await timelock.through(sendWith(guardian)).halt("an incident");
 * ```
 */
export function sendWith(signer: Signer): SendTransaction {
  return async (transaction) => {
    const { response, receipt } = await sendAndWait(signer, transaction).catch((error: unknown) => {
      throw rebuiltError(error, "sending");
    });
    if (receipt === null || receipt.status !== 1) {
      throw new SealpatchError("chain/failed", "the transaction was mined and failed", {
        details: { hash: response.hash },
      });
    }
    return { hash: response.hash, gasUsed: receipt.gasUsed, receipt };
  };
}

async function sendAndWait(signer: Signer, transaction: TransactionRequest) {
  const gasLimit = await signer.estimateGas(transaction);
  if (gasLimit > TRANSACTION_GAS) {
    throw new SealpatchError("chain/too-much-gas", "no transaction may have the gas that this one takes", {
      details: { gas: gasLimit, maximum: TRANSACTION_GAS },
      why: `it takes ${gasLimit} gas, and a transaction has at most ${TRANSACTION_GAS} (EIP-7825)`,
      remedy: "deploy implementations beforehand, or execute fewer statements at a time",
    });
  }
  const response = await signer.sendTransaction({ ...transaction, gasLimit });
  return { response, receipt: await response.wait() };
}
