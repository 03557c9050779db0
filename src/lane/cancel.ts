import type { Signer } from "ethers";
import type { SendOptions } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { Journal, SignedLine } from "../state/index.js";
import { sendWritten } from "./journaled.js";
import { settle } from "./under-way.js";

/** What became of a nonce that was to be used up. */
export interface Cancelled {
  readonly nonce: number;
  /** What was under way, as it stands in the journal. */
  readonly what: string;
  /** Whether the empty transaction was mined, so that nothing of what was under way ever is. */
  readonly isCancelled: boolean;
  /** Hash of what was mined. */
  readonly transaction: string;
}

/**
 * Uses up the nonce of what is under way from an account by an empty transaction to the account itself, which offers more, and waits for what
 * is mined of the two. It shows nothing of what was under way, so it goes by the mempool of the own node.
 * @param entry.journal where what is under way was written down.
 * @throws SealpatchError `lane/nothing-under-way`, `state/folder-unwritable`, and as `sendWith`.
 * @example
 * ```ts
 * const { isCancelled } = await withState(".", ({ journal }) => cancelUnderWay(executor, { journal, chainId: 1n }));
 * ```
 */
export async function cancelUnderWay(
  signer: Signer,
  entry: { readonly journal: Journal; readonly chainId: bigint },
  options: Omit<SendOptions, "outlet" | "earlier"> = {},
): Promise<Cancelled> {
  const { open, found, from } = await settle(signer, entry);
  const [first] = open;
  if (first === undefined) {
    const ended = found.at(-1);
    if (ended === undefined) throw nothingUnderWay();
    return endedBy(entry.journal, ended.line, ended.line.hash);
  }
  const [line] = first.lines;
  const request = { to: from, data: "0x", value: 0n, nonce: line.nonce };
  const written = { ...entry, what: CANCEL };
  try {
    const { hash } = await sendWritten(signer, written, request, { ...options, earlier: first.lines });
    return endedBy(entry.journal, line, hash);
  } catch (error) {
    if (!(error instanceof SealpatchError) || error.code !== "chain/replaced") throw error;
    await settle(signer, entry);
    return endedBy(entry.journal, line, String(error.details.by));
  }
}

/** What the journal says of the transaction that used a nonce, and of what it was signed for. */
function endedBy({ lines }: Journal, { nonce, from, chainId }: SignedLine, transaction: string): Cancelled {
  const signed = lines.filter(
    (each): each is SignedLine =>
      each.stage === "signed" && each.nonce === nonce && each.from === from && each.chainId === chainId,
  );
  const { what } = signed.findLast((each) => each.what !== CANCEL) ?? signed[0]!;
  const isCancelled = signed.some((each) => each.hash === transaction && each.what === CANCEL);
  return { nonce, what, isCancelled, transaction };
}

/** What the empty transaction is for, as it stands in the journal. */
const CANCEL = "cancel";

const nothingUnderWay = () =>
  new SealpatchError("lane/nothing-under-way", "nothing of the account is under way", {
    why: "of all that the journal has of it on this chain, it is known what was mined",
    remedy: "read the state of the statement; a transaction that was sent elsewhere is ended there",
  });
