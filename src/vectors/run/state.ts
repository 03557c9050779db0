import type { AccountFields, StateManagerInterface } from "@ethereumjs/common";
import { OriginalStorageCache } from "@ethereumjs/statemanager";
import { Account, type Address, bigIntToUnpaddedBytes, bytesToBigInt } from "@ethereumjs/util";
import { getBytes } from "ethers";
import { compare, type Hex } from "../format/index.js";
import { type AccountState, bytecode, EMPTY_ACCOUNT, isEmptyAccount, type StateSource } from "./account.js";

/** Accounts and slots by address and slot. */
export interface StateSlice {
  readonly accounts: ReadonlyMap<Hex, AccountState>;
  readonly slots: ReadonlyMap<Hex, ReadonlyMap<bigint, bigint>>;
}

/** What differs from the base, sorted by address and slot. */
export interface StateChanges {
  readonly accounts: readonly { address: Hex; before: AccountState; after: AccountState }[];
  readonly slots: readonly { address: Hex; slot: bigint; value: bigint }[];
}

/**
 * State of a running sequence: loads from its source what is touched, remembers it, and undoes by a log, so that a
 * checkpoint costs nothing however large the state is. ethereumjs' own RPCStateManager does not fit: it does not
 * commit storage checkpoints, and reads cleared storage from the node again.
 */
export class SequenceState implements StateManagerInterface {
  readonly originalStorageCache = new OriginalStorageCache(this.getStorage.bind(this));
  readonly #source: StateSource;
  readonly #loaded = { accounts: new Map<Hex, AccountState>(), slots: new Map<Hex, Map<bigint, bigint>>() };
  #base: StateSlice = { accounts: new Map(), slots: new Map() };
  readonly #accounts = new Map<Hex, AccountState>();
  readonly #slots = new Map<Hex, Map<bigint, bigint>>();
  /** Accounts whose storage was cleared as a whole: the source is not asked about them any more. */
  readonly #cleared = new Set<Hex>();
  readonly #undo: (() => void)[] = [];
  readonly #checkpoints: number[] = [];

  constructor(source: StateSource) {
    this.#source = source;
  }

  /** Everything that was read from the source, as it was there. */
  get loaded(): StateSlice {
    return this.#loaded;
  }

  /** Makes the present state the one that `changes` compares with. */
  rebase(): void {
    this.#base = {
      accounts: new Map(this.#accounts),
      slots: new Map([...this.#slots].map(([address, slots]) => [address, new Map(slots)])),
    };
  }

  /**
   * What differs from the base, among what was read. Storage of a destroyed account is gone with it and not listed
   * slot by slot.
   */
  changes(): StateChanges {
    const accounts: StateChanges["accounts"][number][] = [];
    const slots: StateChanges["slots"][number][] = [];
    for (const [address, after] of this.#accounts) {
      const before = this.#base.accounts.get(address) ?? this.#loaded.accounts.get(address)!;
      const sameCode = before.code.hash === after.code.hash;
      if (before.balance !== after.balance || before.nonce !== after.nonce || !sameCode) {
        accounts.push({ address, before, after });
      }
    }
    for (const [address, present] of this.#slots) {
      const account = this.#accounts.get(address);
      if (account !== undefined && isEmptyAccount(account)) continue;
      for (const [slot, value] of present) {
        const before =
          this.#base.slots.get(address)?.get(slot) ?? this.#loaded.slots.get(address)?.get(slot) ?? 0n;
        if (value !== before) slots.push({ address, slot, value });
      }
    }
    return {
      accounts: accounts.sort((a, b) => compare(a.address, b.address)),
      slots: slots.sort((a, b) => compare(a.address, b.address) || compare(a.slot, b.slot)),
    };
  }

  async account(address: Hex): Promise<AccountState> {
    let account = this.#accounts.get(address);
    if (account === undefined) {
      account = await this.#source.account(address);
      this.#loaded.accounts.set(address, account);
      this.#accounts.set(address, account);
    }
    return account;
  }

  async slot(address: Hex, slot: bigint): Promise<bigint> {
    const slots = this.#slotsOf(address);
    let value = slots.get(slot);
    if (value === undefined) {
      if (this.#cleared.has(address)) return 0n;
      value = await this.#source.slot(address, slot);
      entry(this.#loaded.slots, address).set(slot, value);
      slots.set(slot, value);
    }
    return value;
  }

  async getAccount(address: Address): Promise<Account | undefined> {
    const account = await this.account(keyOf(address));
    if (isEmptyAccount(account)) return undefined;
    return new Account(account.nonce, account.balance, undefined, getBytes(account.code.hash));
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    if (account === undefined) return this.deleteAccount(address);
    const { code } = await this.account(keyOf(address));
    this.#setAccount(keyOf(address), { balance: account.balance, nonce: account.nonce, code });
  }

  async deleteAccount(address: Address): Promise<void> {
    await this.account(keyOf(address));
    this.#setAccount(keyOf(address), EMPTY_ACCOUNT);
    await this.clearStorage(address);
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = await this.account(keyOf(address));
    this.#setAccount(keyOf(address), {
      balance: fields.balance ?? account.balance,
      nonce: fields.nonce ?? account.nonce,
      code: account.code,
    });
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    const account = await this.account(keyOf(address));
    this.#setAccount(keyOf(address), { ...account, code: bytecode(code) });
  }

  async getCode(address: Address): Promise<Uint8Array> {
    return (await this.account(keyOf(address))).code.bytes;
  }

  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length;
  }

  /** The EVM compares storage values as byte strings: they carry no leading zeros, and zero is empty. */
  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    const value = await this.slot(keyOf(address), bytesToBigInt(key));
    return value === 0n ? new Uint8Array(0) : bigIntToUnpaddedBytes(value);
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    const slot = bytesToBigInt(key);
    const before = await this.slot(keyOf(address), slot);
    const slots = this.#slotsOf(keyOf(address));
    slots.set(slot, bytesToBigInt(value));
    this.#undo.push(() => slots.set(slot, before));
  }

  async clearStorage(address: Address): Promise<void> {
    const key = keyOf(address);
    const slots = this.#slotsOf(key);
    const before = new Map(slots);
    const wasCleared = this.#cleared.has(key);
    for (const slot of slots.keys()) slots.set(slot, 0n);
    this.#cleared.add(key);
    this.#undo.push(() => {
      // Slots first met while cleared go, too: their value before is still with the source.
      slots.clear();
      for (const [slot, value] of before) slots.set(slot, value);
      if (!wasCleared) this.#cleared.delete(key);
    });
  }

  async checkpoint(): Promise<void> {
    this.#checkpoints.push(this.#undo.length);
  }

  async commit(): Promise<void> {
    this.#checkpoints.pop();
    if (this.#checkpoints.length === 0) this.#undo.length = 0;
  }

  async revert(): Promise<void> {
    const mark = this.#checkpoints.pop() ?? 0;
    while (this.#undo.length > mark) this.#undo.pop()!();
  }

  clearCaches(): void {
    this.originalStorageCache.clear();
  }

  getStateRoot(): Promise<Uint8Array> {
    throw new TypeError("a sequence has no state root");
  }

  setStateRoot(): Promise<void> {
    throw new TypeError("a sequence has no state root");
  }

  hasStateRoot(): Promise<boolean> {
    throw new TypeError("a sequence has no state root");
  }

  shallowCopy(): SequenceState {
    return new SequenceState(this.#source);
  }

  #setAccount(address: Hex, account: AccountState): void {
    const before = this.#accounts.get(address)!;
    this.#accounts.set(address, account);
    this.#undo.push(() => this.#accounts.set(address, before));
  }

  #slotsOf(address: Hex): Map<bigint, bigint> {
    return entry(this.#slots, address);
  }
}

function keyOf(address: Address): Hex {
  return address.toString();
}

function entry<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}
