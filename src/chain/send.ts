import type { Signer, TransactionReceipt, TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { TRANSACTION_GAS } from "../patch/index.js";
import { rebuiltError } from "./errors.js";
import { type Outlet, ownNode } from "./outlet.js";
import type { SendOptions } from "./send-options.js";
import { sendAndWait } from "./sending.js";
import { isSame, wantedBy } from "./wait.js";

/** A mined transaction. */
export interface Mined {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly receipt: TransactionReceipt;
}

/** How a transaction reaches the chain. */
export type SendTransaction = (transaction: TransactionRequest) => Promise<Mined>;

/**
 * Sends by a signer and waits until it is confirmed. Asks the node first what it takes, so that what would revert is not sent, and
 * refuses what no block holds. Nonce, fees and receipts are those of the signer's own node, whatever an outlet says. A transaction that
 * stays behind the base fee is replaced, never above the cap. Errors say nothing of the transaction but its hash.
 * @returns a sender that throws SealpatchError `chain/too-much-gas`, `chain/fee-above-cap`, `chain/reverted`, `chain/unreachable`,
 *   `chain/rejected`, `chain/unsupported-method` where nobody can estimate and no `gasLimit` is given, `chain/failed`, `chain/replaced`,
 *   `chain/not-included`, `chain/not-mined`.
 * @example
 * ```ts
 * await timelock.through(sendWith(guardian, { maxFee: 80_000_000_000n })).halt("an incident");
 * ```
 */
export function sendWith(signer: Signer, options: SendOptions = {}): SendTransaction {
  return async (transaction) => {
    try {
      const { outlet = ownNode(signer.provider!), gasLimit: given } = options;
      const last = options.earlier?.at(-1);
      // What is out already was tried when it was signed.
      const known =
        last !== undefined && isSame(last, await wantedBy(signer, transaction)) ? last.gasLimit : undefined;
      const gasLimit = known ?? (await gasOf(signer, transaction, { outlet, given }));
      const receipt = await sendAndWait(signer, { ...transaction, gasLimit }, options);
      if (receipt.status === 1) return { hash: receipt.hash, gasUsed: receipt.gasUsed, receipt };
      throw new SealpatchError("chain/failed", "the transaction was mined and failed", {
        details: { hash: receipt.hash },
      });
    } catch (error) {
      throw rebuiltError(error, "sending");
    }
  };
}

/** Tries the transaction where it is going to be handed in; the gas that it is to be sent with. */
async function gasOf(
  signer: Signer,
  transaction: TransactionRequest,
  { outlet, given }: { readonly outlet: Pick<Outlet, "estimateGas">; readonly given: bigint | undefined },
): Promise<bigint> {
  const request = { ...transaction, from: await signer.getAddress() };
  const estimated = await outlet.estimateGas(request).catch((error: unknown) => {
    const rebuilt = rebuiltError(error, "trying the transaction");
    if (rebuilt.code !== "chain/unsupported-method" || given === undefined) throw rebuilt;
    return given;
  });
  const gas = given ?? estimated;
  if (gas > TRANSACTION_GAS) {
    throw new SealpatchError("chain/too-much-gas", "no transaction may have the gas that this one takes", {
      details: { gas, maximum: TRANSACTION_GAS },
      why: `it takes ${gas} gas, and a transaction has at most ${TRANSACTION_GAS} (EIP-7825)`,
      remedy: "deploy implementations beforehand, or execute fewer statements at a time",
    });
  }
  return gas;
}
