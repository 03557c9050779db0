import { getAddress, type Signer, type TransactionReceipt, type TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { LOCAL_CHAIN_IDS } from "../networks.js";
import {
  assertWithin,
  BUMPS,
  type Fees,
  feesIn,
  feesNow,
  feesOf,
  MAX_FEE,
  mostOf,
  replacementFees,
} from "./fees.js";
import { asked, newestBlock } from "./node.js";
import { type Outlet, ownNode } from "./outlet.js";
import type { SendOptions, SignedTransaction } from "./send.js";
import { isKeptByNode, sendByNode, sign } from "./signing.js";
import { notIncluded, notMined, replaced } from "./unsent.js";
import { isSame, lookAt, type NonceState, type Outcome, type Wanted, wantedBy } from "./wait.js";

/** Fifteen minutes: a bundle that no block took in 75 slots is not going to be taken. */
const MINED_WITHIN = 900;
/** Five blocks: then the fees are looked at again. */
const REPLACE_AFTER = 60;
/** Looks in a row that the node may leave unanswered. */
const UNANSWERED = 3;
/** Milliseconds between two looks where the provider does not say. */
const POLLING = 4000;
/** Blocks that nodes behind one address may be apart. */
const APART = 8;

/** One transaction on its way: everything that is signed for its nonce until one of it is mined. */
export class Sending {
  readonly #signer: Signer;
  readonly #request: TransactionRequest;
  readonly #wanted: Wanted & { readonly value: bigint };
  readonly #from: string;
  readonly #nonce: number;
  readonly #cap: bigint | undefined;
  readonly #fromBlock: number;
  readonly #confirmations: number;
  readonly #options: SendOptions;
  readonly #outlet: Pick<Outlet, "submit"> & { readonly host?: string };
  /** Whether the node signs: an account that it keeps, where nobody wants to know what is signed beforehand. */
  readonly #isByNode: boolean;
  readonly #attempts: SignedTransaction[];
  /** What the newest attempt offers. */
  #fees: Fees | undefined;
  /** Whether something may be on its way since this run. */
  #isOut = false;
  #lastBlock: number | undefined;
  /** Whether the cap keeps it from being offered at a higher price. */
  #isHeldBack = false;

  private constructor(prepared: {
    readonly signer: Signer;
    readonly request: TransactionRequest;
    readonly wanted: Wanted;
    readonly place: { readonly from: string; readonly nonce: number; readonly fromBlock: number };
    readonly chainId: bigint;
    readonly options: SendOptions;
  }) {
    const { signer, request, wanted, place, chainId, options } = prepared;
    const isLocal = LOCAL_CHAIN_IDS.has(chainId);
    this.#signer = signer;
    this.#request = request;
    this.#wanted = { ...wanted, value: BigInt(request.value ?? 0) };
    this.#from = place.from;
    this.#nonce = place.nonce;
    this.#fromBlock = place.fromBlock;
    this.#cap = options.maxFee ?? (isLocal ? undefined : MAX_FEE);
    this.#confirmations = options.confirmations ?? (isLocal ? 1 : 2);
    this.#options = options;
    this.#outlet = options.outlet ?? ownNode(signer.provider!);
    const { beforeSending, outlet } = options;
    this.#isByNode = beforeSending === undefined && outlet === undefined && isKeptByNode(signer);
    this.#attempts = [...(options.earlier ?? [])];
  }

  /** @param request with its gas. */
  static async prepare(signer: Signer, request: TransactionRequest, options: SendOptions): Promise<Sending> {
    const provider = signer.provider!;
    const wanted = await wantedBy(signer, request);
    const from = getAddress(await signer.getAddress());
    const { chainId } = await asked("reading the network", () => provider.getNetwork());
    const head = (await newestBlock(provider)).number;
    const given = options.earlier?.[0]?.nonce ?? request.nonce;
    const nonce =
      given ??
      (await asked("reading the account's nonce", () => provider.getTransactionCount(from, "pending")));
    const place = { from, nonce, fromBlock: Math.max(0, head - APART) };
    return new Sending({ signer, request: { ...request, chainId, nonce }, wanted, place, chainId, options });
  }

  /** Sends, and waits until something is confirmed at its nonce. */
  async run(): Promise<TransactionReceipt> {
    const { minedWithin = MINED_WITHIN, replaceAfter = REPLACE_AFTER } = this.#options;
    const deadline = Date.now() + minedWithin * 1000;
    await this.#begin();
    let raisesAt = Date.now() + replaceAfter * 1000;
    let unanswered = 0;
    for (;;) {
      const state = await this.#look().catch((error: unknown) => {
        unanswered += 1;
        if (unanswered >= UNANSWERED) throw error;
        return undefined;
      });
      if (state !== undefined) unanswered = 0;
      if (state?.outcome !== undefined) return this.#receiptOf(state.outcome);
      if (state?.isTaken === false) {
        if (this.#lastBlock !== undefined && state.head > this.#lastBlock)
          throw notIncluded({ ...this.#told(), lastBlock: this.#lastBlock, host: this.#outlet.host ?? null });
        if (Date.now() >= raisesAt) {
          await this.#raise().then(() => this.#remind(), unlessOfChain);
          raisesAt = Date.now() + replaceAfter * 1000;
        }
      }
      if (Date.now() >= deadline)
        throw notMined({
          ...this.#told(),
          seconds: minedWithin,
          isTaken: state?.isTaken ?? false,
          cap: this.#isHeldBack ? (this.#cap ?? null) : null,
        });
      await this.#pause(deadline);
    }
  }

  /** The first offer of this run: what is out already, as it was, or something new. */
  async #begin(): Promise<void> {
    const last = this.#attempts.at(-1);
    const given = feesIn(this.#request, this.#cap);
    if (last === undefined)
      return this.#offer(given ?? (await feesNow(this.#signer.provider!, this.#cap)), 0);
    if ((await this.#look()).isTaken) return;
    this.#fees = feesOf(last);
    const isAgain = this.#fees !== undefined && isSame(last, this.#wanted);
    if (!isAgain || (await this.#isBehind(this.#fees!))) await this.#raise();
    // As it was: the same bytes, so that nothing more than one transaction is out.
    if (isAgain && !this.#isOut) await this.#offer(feesOf(last)!, 0);
  }

  /** Whether the base fee has risen above what is offered. */
  async #isBehind(fees: Fees): Promise<boolean> {
    const { baseFeePerGas } = await newestBlock(this.#signer.provider!);
    return baseFeePerGas !== null && mostOf(fees) < baseFeePerGas;
  }

  /** Offers it at a higher price, where the present one is behind the base fee, or where something else is to be replaced. */
  async #raise(): Promise<void> {
    const old = this.#fees;
    const isOurs = this.#attempts.some((each) => isSame(each, this.#wanted));
    if (isOurs && old !== undefined && !(await this.#isBehind(old))) return;
    try {
      const now = await feesNow(this.#signer.provider!, this.#cap);
      const next = old === undefined ? now : replacementFees(old, now, BUMPS[0]);
      this.#isHeldBack = false;
      await this.#offer(assertWithin(next, this.#cap), 0);
    } catch (error) {
      // What is out already may still be mined.
      if (!isOurs || codeOf(error) !== "chain/fee-above-cap") throw error;
      this.#isHeldBack = true;
    }
  }

  /** Gives the node the same bytes again, which it may have lost. What a relay was given ends where it was said to end. */
  async #remind(): Promise<void> {
    if (this.#options.outlet === undefined && !this.#isByNode && this.#fees !== undefined)
      await this.#offer(this.#fees, 0);
  }

  /**
   * Signs, tells, and hands in. Where the node wants a replacement raised by more, by more.
   * @param step how often it was raised for that.
   */
  async #offer(fees: Fees, step: number): Promise<void> {
    const before = this.#fees;
    const isFirst = this.#attempts.length === 0;
    try {
      await this.#handIn(fees);
      this.#isOut = true;
    } catch (error) {
      if (!(error instanceof SealpatchError) || !error.code.startsWith("chain/")) throw error;
      const { code, details } = error;
      const bump = BUMPS[step + 1];
      if (details.cause === "REPLACEMENT_UNDERPRICED" && !isFirst && bump !== undefined) {
        const next = assertWithin(replacementFees(before ?? fees, fees, bump), this.#cap);
        return this.#offer(next, step + 1);
      }
      // The answer was lost, and not the transaction; or an earlier one may have been mined meanwhile: the receipts say.
      const isLost = code === "chain/unreachable" && !NOT_CONNECTED.has(String(details.cause));
      if (isLost) this.#isOut = true;
      else if (!this.#isOut && (details.cause !== "NONCE_EXPIRED" || isFirst)) throw error;
      if (!isLost) return;
    }
    this.#fees = fees;
  }

  async #handIn(fees: Fees): Promise<void> {
    const signer = this.#signer;
    const { beforeSending } = this.#options;
    if (this.#isByNode && isKeptByNode(signer)) {
      const hash = await sendByNode(signer, this.#request, fees);
      const { to, dataHash } = this.#wanted;
      this.#attempts.push({ hash, from: this.#from, nonce: this.#nonce, to, dataHash, ...fees });
      return;
    }
    const { raw, signed } = await sign(signer, this.#request, fees);
    if (!this.#attempts.some(({ hash }) => hash === signed.hash)) {
      await beforeSending?.(signed);
      this.#attempts.push(signed);
    }
    const last = await this.#outlet.submit(raw);
    this.#lastBlock = last === undefined ? undefined : Math.max(last, this.#lastBlock ?? 0);
  }

  #look(): Promise<NonceState> {
    return lookAt(this.#signer.provider!, {
      ...{ from: this.#from, nonce: this.#nonce, fromBlock: this.#fromBlock },
      ...{ wanted: this.#wanted, attempts: this.#attempts, confirmations: this.#confirmations },
    });
  }

  async #pause(deadline: number): Promise<void> {
    const { pollingInterval = POLLING } = this.#signer.provider as { pollingInterval?: number };
    const left = Math.max(1, Math.min(pollingInterval, deadline - Date.now()));
    await new Promise((resolve) => setTimeout(resolve, left));
  }

  #receiptOf(outcome: Outcome): TransactionReceipt {
    if (outcome.receipt === undefined) throw replaced({ ...this.#told(), ...outcome });
    return outcome.receipt;
  }

  /** What errors tell of it. */
  #told(): { readonly hash: string | null; readonly nonce: number } {
    return { hash: this.#attempts.at(-1)?.hash ?? null, nonce: this.#nonce };
  }
}

/** Where nobody took the connection. */
const NOT_CONNECTED: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND"]);

/** What a node or relay did not take of a replacement ends nothing: what it was to replace is out. */
function unlessOfChain(error: unknown): void {
  if (codeOf(error)?.startsWith("chain/") !== true) throw error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof SealpatchError ? error.code : undefined;
}
