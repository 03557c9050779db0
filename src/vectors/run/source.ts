import { getBytes } from "ethers";
import { assertExecutable } from "../../code/index.js";
import type { Hex, Vector, VectorSet } from "../format/index.js";
import { type Bytecode, bytecode, EMPTY_ACCOUNT, NO_CODE, type StateSource } from "./account.js";

/** Call that an upgrade makes on the new code, in the proxy's storage, before anybody else can call it. */
export interface Migration {
  readonly data: Uint8Array;
  readonly caller: Hex;
  /**
   * Gas that arrives at it at least. Where it is given, no frame of the call may run out of gas, and half of it must do as
   * well. Where not, the call has what any call of a vector has.
   */
  readonly gas?: bigint;
}

/** The bytecode that vectors are run on. */
export interface CodeUnderTest {
  /** Deployed runtime code, immutables filled in. */
  readonly code: Uint8Array;
  /** Where it is, or will be, deployed: immutables such as a UUPS implementation's own address depend on it. */
  readonly address: Hex;
  readonly migration?: Migration;
}

/**
 * The same code with its addresses in lower case, as everywhere inside this folder.
 * @throws SealpatchError `code/reserved-first-byte`: such code is no contract's, and would fail whatever it is asked.
 */
export function normalizeCode(under: CodeUnderTest): CodeUnderTest {
  const { code, address, migration } = under;
  assertExecutable(code);
  const lower = (hex: Hex) => hex.toLowerCase() as Hex;
  if (migration === undefined) return { code, address: lower(address) };
  return { code, address: lower(address), migration: { ...migration, caller: lower(migration.caller) } };
}

/** The part of a vector that says where the code under test goes. */
export type CodePlace = Pick<Vector, "subject" | "pointer">;

/** What a sequence needs besides its state. */
export type Sequence = Pick<Vector, "subject" | "pointer" | "hardfork" | "stepLimit" | "calls">;

/** The pre-state of a vector; what it does not list is empty. */
export function vectorSource(vector: Vector, codes: VectorSet["codes"]): StateSource {
  const accounts = new Map(vector.accounts.map((account) => [account.address, account]));
  const slots = new Map(
    vector.accounts.map((account) => [
      account.address,
      new Map(account.storage.map(({ slot, value }) => [slot, value])),
    ]),
  );
  return {
    account: async (address) => {
      const account = accounts.get(address);
      if (account === undefined) return EMPTY_ACCOUNT;
      return { balance: account.balance, nonce: account.nonce, code: codeOf(account.codeHash, codes) };
    },
    slot: async (address, slot) => slots.get(address)?.get(slot) ?? 0n,
  };
}

/**
 * A pre-state with the code under test in it: the code stands at its address and the pointer slot names that address,
 * or, without a pointer, the code is the subject's own. The account of the code has nonce 1 (EIP-161), no balance
 * and no storage.
 */
export function withCodeUnderTest(source: StateSource, place: CodePlace, under: CodeUnderTest): StateSource {
  const { subject, pointer } = place;
  const code = bytecode(under.code);
  return {
    account: async (address) => {
      if (pointer === null) {
        const account = await source.account(address);
        return address === subject ? { ...account, code } : account;
      }
      return address === under.address ? { balance: 0n, nonce: 1n, code } : source.account(address);
    },
    slot: async (address, slot) => {
      if (pointer !== null) {
        if (address === pointer.account && slot === pointer.slot) return BigInt(under.address);
        if (address === under.address) return 0n;
      }
      return source.slot(address, slot);
    },
  };
}

function codeOf(hash: Hex | null, codes: VectorSet["codes"]): Bytecode {
  return hash === null ? NO_CODE : bytecode(getBytes(codes[hash]!), hash);
}
