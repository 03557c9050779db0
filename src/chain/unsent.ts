import { SealpatchError } from "../errors.js";
import { shownGwei } from "./fees.js";

/** A transaction that is not what was mined, or not yet. */
interface Told {
  /** Of the newest that was signed; null where there is none. */
  readonly hash: string | null;
  readonly nonce: number;
}

/** It is not mined within its time. @param told.cap in wei, where the cap keeps it from being offered at a higher price. */
export function notMined(
  told: Told & { readonly seconds: number; readonly isTaken: boolean; readonly cap: bigint | null },
): SealpatchError {
  const { hash, nonce, seconds, isTaken, cap } = told;
  const why = isTaken
    ? "a transaction of its nonce is in a block, and the blocks that confirm it have not come"
    : cap !== null
      ? `gas costs more than it offers, and the highest fee that is allowed, ${shownGwei(cap)}, holds it back`
      : "the node or relay took it and dropped it, or no block has room at this price";
  return new SealpatchError("chain/not-mined", "the transaction was sent, and is not mined in time", {
    details: { hash, nonce, seconds, cap },
    why,
    remedy:
      "it may still be mined: send the same again, which takes the same nonce, or use up the nonce by an empty one",
  });
}

/** An outlet offered it to the end, and no block has it. */
export function notIncluded(
  told: Told & { readonly lastBlock: number; readonly host: string | null },
): SealpatchError {
  const { hash, nonce, lastBlock, host } = told;
  return new SealpatchError("chain/not-included", "no block took the transaction while it was offered", {
    details: { hash, nonce, lastBlock, host },
    why:
      `it was offered up to block ${lastBlock}. That does not mean that it is gone: the relay and builders have seen it with all that it ` +
      "shows, of an execution the patch, and it may still be mined",
    remedy: "send the same again, which takes the same nonce, or use up the nonce by an empty transaction",
  });
}

/** Another transaction took its nonce. */
export function replaced(
  told: Told & { readonly by: string; readonly isCancelled: boolean },
): SealpatchError {
  const { hash, nonce, by, isCancelled } = told;
  return new SealpatchError("chain/replaced", "another transaction of the account was mined in its place", {
    details: { hash, nonce, by },
    why: `${by} has its nonce, ${nonce}${isCancelled ? ", and does nothing: it was cancelled" : ""}`,
    remedy: "find out who else sends from the account; then send again where it is still needed",
  });
}
