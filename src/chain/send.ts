import {
  isCallException,
  keccak256,
  type Signer,
  Transaction,
  type TransactionReceipt,
  type TransactionRequest,
  type TransactionResponse,
} from "ethers";
import { SealpatchError } from "../errors.js";
import { TRANSACTION_GAS } from "../patch/index.js";
import { rebuiltError } from "./errors.js";
import { asked, within } from "./node.js";

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
  readonly to?: string;
  /** keccak256 of its data. */
  readonly dataHash: string;
}

/** How `sendWith` sends. */
export interface SendOptions {
  /** Gas of the transaction; what the node estimates, unless given. Needed where the node cannot estimate. */
  readonly gasLimit?: bigint;
  /** Seconds from sending within which it must be mined; 900 by default. */
  readonly minedWithin?: number;
  /**
   * Told of the transaction before it is sent, so that it can be found again after a crash; it is not sent where this throws. The
   * signer has to sign here, without sending.
   */
  readonly beforeSending?: (signed: SignedTransaction) => Promise<void>;
}

/** Fifteen minutes: a bundle that no block took in 75 slots is not going to be taken. */
const MINED_WITHIN = 900;

/**
 * Sends by a signer and waits for one confirmation. Asks the node first what it takes, so that what would revert is not sent, and
 * refuses what no block holds. Errors say nothing of the transaction but its hash.
 * @returns a sender that throws SealpatchError `chain/too-much-gas`, `chain/reverted`, `chain/unreachable`, `chain/rejected`,
 *   `chain/unsupported-method` where the node cannot estimate and no `gasLimit` is given, `chain/failed`, `chain/not-mined`.
 * @example
 * ```ts
 * await timelock.through(sendWith(guardian)).halt("an incident");
 * ```
 */
export function sendWith(signer: Signer, options: SendOptions = {}): SendTransaction {
  const { gasLimit } = options;
  return async (transaction) => {
    try {
      const estimated = await estimate(signer, transaction, gasLimit);
      return await sendAndWait(signer, { ...transaction, gasLimit: estimated }, options);
    } catch (error) {
      throw rebuiltError(error, "sending");
    }
  };
}

/** Tries the transaction where the node can; the gas that it is to be sent with. */
async function estimate(
  signer: Signer,
  transaction: TransactionRequest,
  given: bigint | undefined,
): Promise<bigint> {
  const trial = asked("trying the transaction", () => signer.estimateGas(transaction));
  const estimated = await trial.catch((error: SealpatchError) => {
    if (error.code !== "chain/unsupported-method" || given === undefined) throw error;
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

async function sendAndWait(
  signer: Signer,
  transaction: TransactionRequest,
  { minedWithin: seconds = MINED_WITHIN, beforeSending }: SendOptions,
): Promise<Mined> {
  let hash: string | undefined;
  const work = async (): Promise<TransactionReceipt | null> => {
    const response =
      beforeSending === undefined
        ? await signer.sendTransaction(transaction)
        : await sendSigned(signer, transaction, (signed) => {
            hash = signed.hash;
            return beforeSending(signed);
          });
    hash = response.hash;
    return response.wait(1, seconds * 1000).catch(failedReceipt);
  };
  const receipt = await within(seconds, work(), () => notMined(hash, seconds));
  if (receipt === null || receipt.status !== 1) {
    throw new SealpatchError("chain/failed", "the transaction was mined and failed", {
      details: { hash: hash! },
    });
  }
  return { hash: hash!, gasUsed: receipt.gasUsed, receipt };
}

/** Signs, tells, and then sends. */
async function sendSigned(
  signer: Signer,
  transaction: TransactionRequest,
  tell: (signed: SignedTransaction) => Promise<void>,
): Promise<TransactionResponse> {
  // Nothing is on its way yet: a node that is silent here has taken nothing.
  const { from: _, ...filled } = await asked("preparing the transaction", () =>
    signer.populateTransaction(transaction),
  );
  const raw = await signer.signTransaction(filled);
  const { hash, from, nonce, to, data } = Transaction.from(raw);
  await tell({ hash: hash!, from: from!, nonce, ...(to === null ? {} : { to }), dataHash: keccak256(data) });
  return signer.provider!.broadcastTransaction(raw);
}

/** The receipt of a transaction that was mined and failed, which ethers throws. */
function failedReceipt(error: unknown): TransactionReceipt {
  if (isCallException(error) && error.receipt) return error.receipt;
  throw error;
}

function notMined(hash: string | undefined, seconds: number): SealpatchError {
  return new SealpatchError("chain/not-mined", "the transaction was sent, and is not mined in time", {
    details: { hash: hash ?? null, seconds },
    why: "the node or relay took it and dropped it, or no block has room at this price",
    remedy:
      "look for it on the chain before you send again: it may still be mined; to end it, send an empty one with the same nonce",
  });
}
