import { keccak256 } from "ethers";
import type { Hex } from "../format/index.js";

/** Runtime code with its keccak256. */
export interface Bytecode {
  readonly bytes: Uint8Array;
  readonly hash: Hex;
}

/** Balance, nonce and code of an account; storage is read slot by slot. */
export interface AccountState {
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Bytecode;
}

/** Where the pre-state comes from: a vector, or a node. Its answers never change. */
export interface StateSource {
  account(address: Hex): Promise<AccountState>;
  slot(address: Hex, slot: bigint): Promise<bigint>;
}

export const NO_CODE: Bytecode = { bytes: new Uint8Array(0), hash: keccak256("0x") as Hex };
export const EMPTY_ACCOUNT: AccountState = { balance: 0n, nonce: 0n, code: NO_CODE };

/** Pairs runtime code with its hash; `hash` may be given where it is known. */
export function bytecode(bytes: Uint8Array, hash?: Hex): Bytecode {
  return bytes.length === 0 ? NO_CODE : { bytes, hash: hash ?? (keccak256(bytes) as Hex) };
}

/** Empty as EIP-161 defines it: the chain does not tell such an account from one that does not exist. */
export function isEmptyAccount(account: AccountState): boolean {
  return account.balance === 0n && account.nonce === 0n && account.code.bytes.length === 0;
}
