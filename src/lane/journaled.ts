import type { Signer } from "ethers";
import { type SendOptions, type SendTransaction, sendWith } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { Journal } from "../state/index.js";

/**
 * Sends as `sendWith` does, and writes down what is sent before it leaves this machine, then what became of it.
 * @param entry.what what the transaction is for, as it stands in the journal.
 * @param entry.chainId of the chain that the signer signs for.
 * @returns a sender that throws SealpatchError as `sendWith` does, and `state/folder-unwritable` before anything is sent.
 * @example
 * ```ts
 * await withState(".", async ({ journal }) => {
 *   const council = sendJournaled(executor, { journal, what: "schedule", chainId: 1n });
 *   await timelock.through(council).schedule(proven, target);
 * });
 * ```
 */
export function sendJournaled(
  signer: Signer,
  entry: { readonly journal: Journal; readonly what: string; readonly chainId: bigint },
  options: SendOptions = {},
): SendTransaction {
  const { journal, what, chainId } = entry;
  return async (transaction) => {
    let hash: string | undefined;
    const send = sendWith(signer, {
      ...options,
      beforeSending: async (signed) => {
        await options.beforeSending?.(signed);
        await journal.write({ stage: "signed", what, chainId, ...signed });
        hash = signed.hash;
      },
    });
    try {
      const mined = await send(transaction);
      const { blockNumber: block, contractAddress } = mined.receipt;
      const made = contractAddress === null ? {} : { contract: contractAddress };
      await journal.write({ stage: "mined", hash: mined.hash, block, ...made });
      return mined;
    } catch (error) {
      if (hash !== undefined && error instanceof SealpatchError)
        await journal.write({ stage: "failed", hash, code: error.code });
      throw error;
    }
  };
}
