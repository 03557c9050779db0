import { hexlify } from "ethers";
import type { Hex, VectorAccount, VectorSet } from "../format/index.js";
import type { AccountState } from "./account.js";
import type { CodePlace, CodeUnderTest } from "./source.js";
import type { SequenceState } from "./state.js";

/** The union of what several runs touched, without the code under test and the pointer to it. */
export class TouchedState {
  readonly #place: CodePlace;
  readonly #codeAddresses: ReadonlySet<Hex>;
  readonly #accounts = new Map<Hex, AccountState>();
  readonly #slots = new Map<Hex, Map<bigint, bigint>>();

  constructor(place: CodePlace, codes: readonly CodeUnderTest[]) {
    this.#place = place;
    this.#codeAddresses = new Set(place.pointer === null ? [] : codes.map(({ address }) => address));
  }

  /** Takes in what a finished run read from its source. */
  add({ loaded }: SequenceState): void {
    const { pointer } = this.#place;
    for (const [address, account] of loaded.accounts) {
      if (!this.#codeAddresses.has(address)) this.#accounts.set(address, account);
    }
    for (const [address, slots] of loaded.slots) {
      if (this.#codeAddresses.has(address)) continue;
      const known = this.#slots.get(address) ?? new Map<bigint, bigint>();
      this.#slots.set(address, known);
      for (const [slot, value] of slots) {
        if (pointer?.account !== address || pointer.slot !== slot) known.set(slot, value);
      }
    }
  }

  /** The accounts as a vector lists them, in no particular order. */
  accounts(): VectorAccount[] {
    return [...this.#accounts].map(([address, { balance, nonce, code }]) => ({
      address,
      balance,
      nonce,
      codeHash: code.bytes.length === 0 || this.#isUnderTest(address) ? null : code.hash,
      storage: [...(this.#slots.get(address) ?? [])].map(([slot, value]) => ({ slot, value })),
    }));
  }

  /** The codes that `accounts` names. */
  codes(): VectorSet["codes"] {
    return Object.fromEntries(
      [...this.#accounts]
        .filter(([address, { code }]) => code.bytes.length > 0 && !this.#isUnderTest(address))
        .map(([, { code }]) => [code.hash, hexlify(code.bytes) as Hex]),
    );
  }

  #isUnderTest(address: Hex): boolean {
    return this.#place.pointer === null && address === this.#place.subject;
  }
}
