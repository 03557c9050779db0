import type { Signer, TransactionRequest } from "ethers";
import {
  asked,
  isSame,
  type Mined,
  type SendOptions,
  type SendTransaction,
  sendWith,
  wantedBy,
} from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { Journal, SignedLine } from "../state/index.js";
import { type Settled, sentElsewhere, settle, underWay, writeOutcome } from "./under-way.js";

/** What the journal has of a transaction beside the transaction. */
export interface JournalEntry {
  readonly journal: Journal;
  /** What the transaction is for, as it stands in the journal. */
  readonly what: string;
  /** Of the chain that the signer signs for. */
  readonly chainId: bigint;
  /**
   * The block at which the caller looked at the chain, to see what is to be sent: the same of an earlier run that was mined since counts as
   * sent.
   */
  readonly since?: number | undefined;
}

/**
 * Sends as `sendWith` does, and writes down what is sent before it leaves this machine, then what became of it. Where an earlier run has
 * signed the same and it is not mined, this goes on with it: by the same nonce, so that at most one is mined. Where anything else of
 * the account may still be mined, nothing is sent.
 * @param entry.what what the transaction is for, as it stands in the journal.
 * @param entry.chainId of the chain that the signer signs for.
 * @returns a sender that throws SealpatchError as `sendWith` does, `lane/under-way`, `lane/sent-elsewhere`, and `state/folder-unwritable` before anything is sent.
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
  entry: JournalEntry,
  options: SendOptions = {},
): SendTransaction {
  return async (transaction) => {
    const settled = await settle(signer, entry);
    const wanted = await wantedBy(signer, transaction);
    const isThis = (line: SignedLine) => line.what === entry.what && isSame(line, wanted);
    const mined = settled.found.find(({ line, receipt }) => isThis(line) && receipt.status === 1);
    const isSent =
      mined !== undefined && entry.since !== undefined && mined.receipt.blockNumber > entry.since;
    const earlier = isSent ? [mined.line] : await earlierOf(signer, settled, isThis);
    const nonce = earlier[0]?.nonce ?? settled.nonce;
    return sendWritten(signer, entry, { ...transaction, nonce }, { ...options, earlier });
  };
}

/** What an earlier run signed of the same for the next nonce. @throws SealpatchError `lane/under-way`, `lane/sent-elsewhere`. */
async function earlierOf(
  signer: Signer,
  { from, nonce, open }: Settled & { readonly from: string },
  isThis: (line: SignedLine) => boolean,
): Promise<readonly SignedLine[]> {
  const [first, ...others] = open;
  if (first !== undefined) {
    const newest = first.lines.at(-1)!;
    if (!isThis(newest)) throw underWay(newest);
    if (others.length > 0) throw underWay(others[0]!.lines.at(-1)!);
    return first.lines;
  }
  const provider = signer.provider!;
  const next = await asked("reading the account's nonce", () =>
    provider.getTransactionCount(from, "pending"),
  );
  if (next <= nonce) return [];
  // A block may have come since.
  const mined = await asked("reading the account's nonce", () =>
    provider.getTransactionCount(from, "latest"),
  );
  if (mined < next) throw sentElsewhere(mined);
  return [];
}

/** Sends, with a line in the journal before each transaction leaves, and one for what became of it. */
export async function sendWritten(
  signer: Signer,
  { journal, what, chainId }: JournalEntry,
  transaction: TransactionRequest,
  options: SendOptions,
): Promise<Mined> {
  const signed: { readonly hash: string }[] = [...(options.earlier ?? [])];
  const send = sendWith(signer, {
    ...options,
    beforeSending: async (each) => {
      await options.beforeSending?.(each);
      await journal.write({ stage: "signed", what, chainId, ...each });
      signed.push(each);
    },
  });
  try {
    const mined = await send(transaction);
    await writeOutcome(journal, signed, mined.receipt);
    return mined;
  } catch (error) {
    const last = signed.at(-1);
    if (last !== undefined && error instanceof SealpatchError)
      await journal.write({ stage: "failed", hash: last.hash, code: error.code });
    throw error;
  }
}
