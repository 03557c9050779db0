import type { Outlet } from "./outlet.js";

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
