import type { Signer, TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { rebuiltError } from "./errors.js";
import { assertWithin, BUMPS, type Fees, feesIn, feesNow, feesOf, mostOf, replacementFees } from "./fees.js";
import { newestBlock } from "./node.js";
import { isLost, type Outlet, ownNode } from "./outlet.js";
import type { SendOptions, SignedTransaction } from "./send-options.js";
import { isKeptByNode, sendingByNode, sign } from "./signing.js";
import { isSame, type Wanted } from "./wait.js";

/** Answers in a row of the own node to what is handed in that may be lost. */
const UNANSWERED = 3;

/** A nonce of an account, and what is wanted there. */
export interface Place {
  readonly from: string;
  readonly nonce: number;
  readonly wanted: Wanted;
}

/** What is offered for a nonce: signed, told and handed in, at one price after the other. */
export class Offers {
  /** All that is signed for the nonce, the oldest first. */
  readonly attempts: SignedTransaction[];
  /** The last block that an outlet offers it for. */
  lastBlock: number | undefined;
  /** Whether the cap keeps it from being offered at a higher price. */
  isHeldBack = false;
  readonly #signer: Signer;
  readonly #request: TransactionRequest;
  readonly #place: Place;
  readonly #cap: bigint | undefined;
  readonly #options: SendOptions;
  readonly #outlet: Pick<Outlet, "submit">;
  /** Whether the node signs: an account that it keeps, where nobody wants to know what is signed beforehand. */
  readonly #isByNode: boolean;
  /** What the newest attempt offers. */
  #fees: Fees | undefined;
  /** Whether something may be on its way since this run. */
  #isOut = false;
  /** How often in a row the answer to it was lost. */
  #lost = 0;

  /** @param request with nonce, gas and chain. @param cap most that a unit of gas may cost, in wei. */
  constructor(
    signer: Signer,
    request: TransactionRequest,
    {
      place,
      cap,
      options,
    }: { readonly place: Place; readonly cap: bigint | undefined; readonly options: SendOptions },
  ) {
    const { earlier = [], outlet, beforeSending } = options;
    this.attempts = [...earlier];
    this.#signer = signer;
    this.#request = request;
    this.#place = place;
    this.#cap = cap;
    this.#options = options;
    this.#outlet = outlet ?? ownNode(signer.provider!);
    this.#isByNode = beforeSending === undefined && outlet === undefined && isKeptByNode(signer);
  }

  /** Whether nobody knows if what was handed in last has arrived. */
  get isDoubtful(): boolean {
    return this.#lost > 0;
  }

  /** The first offer of this run: what is out already, as it was, or something new. */
  async begin(): Promise<void> {
    const last = this.attempts.at(-1);
    const given = feesIn(this.#request, this.#cap);
    if (last === undefined)
      return this.#offer(given ?? (await feesNow(this.#signer.provider!, this.#cap)), 0);
    this.#fees = feesOf(last);
    const isAgain = this.#fees !== undefined && isSame(last, this.#place.wanted);
    if (!isAgain || (await this.#isBehind(this.#fees!))) await this.raise();
    // As it was: the same bytes, so that nothing more than one transaction is out.
    if (isAgain && !this.#isOut) await this.#offer(feesOf(last)!, 0);
  }

  /** Whether the base fee has risen above what is offered. */
  async #isBehind(fees: Fees): Promise<boolean> {
    const { baseFeePerGas } = await newestBlock(this.#signer.provider!);
    return baseFeePerGas !== null && mostOf(fees) < baseFeePerGas;
  }

  /** Offers it at a higher price, where the present one is behind the base fee, or where something else is to be replaced. */
  async raise(): Promise<void> {
    const old = this.#fees;
    const isOurs = this.attempts.some((each) => isSame(each, this.#place.wanted));
    if (isOurs && old !== undefined && !(await this.#isBehind(old))) return;
    try {
      const now = await feesNow(this.#signer.provider!, this.#cap);
      const next = old === undefined ? now : replacementFees(old, now, BUMPS[0]);
      this.isHeldBack = false;
      await this.#offer(assertWithin(next, this.#cap), 0);
    } catch (error) {
      // What is out already may still be mined.
      if (!isOurs || codeOf(error) !== "chain/fee-above-cap") throw error;
      this.isHeldBack = true;
    }
  }

  /** Gives the node the same bytes again, which it may have lost. What a relay was given ends where it was said to end. */
  async remind(): Promise<void> {
    if (this.#options.outlet === undefined && !this.#isByNode && this.#fees !== undefined)
      await this.#offer(this.#fees, 0);
  }

  /**
   * Signs, tells, and hands in. Where the node wants a replacement raised by more, by more.
   * @param step how often it was raised for that.
   */
  async #offer(fees: Fees, step: number): Promise<void> {
    const before = this.#fees;
    const isFirst = this.attempts.length === 0;
    // Nothing is on its way yet: what fails here ends it.
    const handIn = await this.#signed(fees);
    try {
      await handIn();
      this.#isOut = true;
      this.#lost = 0;
    } catch (error) {
      const rebuilt = rebuiltError(error, "sending");
      const { cause } = rebuilt.details;
      const bump = BUMPS[step + 1];
      if (cause === "REPLACEMENT_UNDERPRICED" && !isFirst && bump !== undefined) {
        const next = assertWithin(replacementFees(before ?? fees, fees, bump), this.#cap);
        return this.#offer(next, step + 1);
      }
      if (!isLost(rebuilt)) {
        // An earlier one may have been mined meanwhile.
        if (!this.#isOut && (cause !== "NONCE_EXPIRED" || isFirst)) throw rebuilt;
        return;
      }
      // The answer was lost, and maybe not the transaction: the receipts say.
      this.#lost += 1;
      if (this.#lost >= UNANSWERED && this.#options.outlet === undefined) throw rebuilt;
      this.#isOut = true;
    }
    this.#fees = fees;
  }

  /** Signs, tells, and gives what hands it in. */
  async #signed(fees: Fees): Promise<() => Promise<void>> {
    const signer = this.#signer;
    if (this.#isByNode && isKeptByNode(signer)) {
      const send = await sendingByNode(signer, this.#request, fees);
      const { from, nonce, wanted } = this.#place;
      return async () => {
        this.attempts.push({ hash: await send(), from, nonce, ...wanted, ...fees });
      };
    }
    const { raw, signed } = await sign(signer, this.#request, fees);
    if (!this.attempts.some(({ hash }) => hash === signed.hash)) {
      await this.#options.beforeSending?.(signed);
      this.attempts.push(signed);
    }
    return async () => {
      const last = await this.#outlet.submit(raw);
      this.lastBlock = last === undefined ? undefined : Math.max(last, this.lastBlock ?? 0);
    };
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof SealpatchError ? error.code : undefined;
}
