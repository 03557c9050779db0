import type { Signer } from "ethers";
import type { SendOptions } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { Journal } from "../state/index.js";
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
  if (first === undefined) throw nothingUnderWay(found.at(-1)?.line);
  const { nonce, lines } = first;
  const { what } = lines.find((line) => line.what !== CANCEL) ?? lines[0];
  const request = { to: from, data: "0x", value: 0n, nonce };
  try {
    const { hash } = await sendWritten(signer, { ...entry, what: CANCEL }, request, {
      ...options,
      earlier: lines,
    });
    return { nonce, what, isCancelled: true, transaction: hash };
  } catch (error) {
    if (!(error instanceof SealpatchError) || error.code !== "chain/replaced") throw error;
    await settle(signer, entry);
    return { nonce, what, isCancelled: false, transaction: String(error.details.by) };
  }
}

/** What the empty transaction is for, as it stands in the journal. */
const CANCEL = "cancel";

function nothingUnderWay(
  mined: { readonly what: string; readonly hash: string } | undefined,
): SealpatchError {
  return new SealpatchError("lane/nothing-under-way", "nothing of the account is under way", {
    details: { what: mined?.what ?? null, mined: mined?.hash ?? null },
    why:
      mined === undefined
        ? "of all that the journal has of it on this chain, what was mined is known"
        : `\`${mined.what}\` was mined by now`,
    remedy: "read the state of the statement; a transaction that was sent elsewhere is ended there",
  });
}
