import type { Signer, TransactionReceipt, TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { TRANSACTION_GAS } from "../patch/index.js";
import { rebuiltError } from "./errors.js";
import { type Outlet, ownNode } from "./outlet.js";
import { Sending } from "./sending.js";
import { isSame, wantedBy } from "./wait.js";

/** A mined transaction. */
export interface Mined {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly receipt: TransactionReceipt;
}

/** How a transaction reaches the chain. */
export type SendTransaction = (transaction: TransactionRequest) => Promise<Mined>;

/** A transaction that is signed and has not left this machine yet. Its data is not among what is told of it: it may be a patch. */
export interface SignedTransaction {
  readonly hash: string;
  readonly from: string;
  readonly nonce: number;
  /** None of a deployment. */
  readonly to?: string | undefined;
  /** keccak256 of its data. */
  readonly dataHash: string;
  /** With the fees it makes the same transaction again. */
  readonly gasLimit?: bigint | undefined;
  /** Fees in wei for a unit of gas; `gasPrice` alone on chains without a base fee. */
  readonly maxFeePerGas?: bigint | undefined;
  readonly maxPriorityFeePerGas?: bigint | undefined;
  readonly gasPrice?: bigint | undefined;
}

/** How `sendWith` sends. */
export interface SendOptions {
  /** Gas of the transaction; what the node or the outlet estimates, unless given. Needed where it cannot estimate. */
  readonly gasLimit?: bigint | undefined;
  /** Where the transaction is handed in; the mempool of the signer's own node, unless given. */
  readonly outlet?: Outlet | undefined;
  /** Most that a unit of gas may cost, in wei; 300 gwei by default, without end on local chains. */
  readonly maxFee?: bigint | undefined;
  /** Blocks that have to have it, its own included; 2 by default, 1 on local chains. */
  readonly confirmations?: number | undefined;
  /** Seconds from sending within which it must be mined; 900 by default. */
  readonly minedWithin?: number | undefined;
  /** Seconds after which it is sent again at a higher price where the base fee has risen above what it offers; 60 by default. */
  readonly replaceAfter?: number | undefined;
  /**
   * What was signed before for the nonce that the transaction is to have, the oldest first: at most one of them all is mined. Where the
   * last one is the same transaction, it is sent again as it was; else its fees are raised, so that the new one takes its place.
   */
  readonly earlier?: readonly SignedTransaction[] | undefined;
  /**
   * Told of the transaction before it is sent, and of each that replaces it, so that it can be found again after a crash; it is not sent where
   * this throws. The signer has to sign here, without sending.
   */
  readonly beforeSending?: ((signed: SignedTransaction) => Promise<void>) | undefined;
}

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
      const sending = await Sending.prepare(signer, { ...transaction, gasLimit }, options);
      const receipt = await sending.run();
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
