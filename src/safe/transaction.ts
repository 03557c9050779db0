import { concat, getAddress, keccak256, TypedDataEncoder, type TypedDataField, ZeroAddress } from "ethers";
import { type FormName, formToJson } from "../file-form.js";
import { lazily } from "../lazily.js";
import { address, decimalBelow } from "../schemas.js";
import { zod } from "../zod.js";

/** The Safe of a chain. */
export interface SafePlace {
  readonly chainId: bigint;
  /** Address of the Safe. */
  readonly safe: string;
}

/** The ten fields that the owners of a Safe sign, in the order in which they are hashed. */
export interface SafeTransaction {
  readonly to: string;
  /** Wei that it sends along. */
  readonly value: bigint;
  /** Calldata, hex. */
  readonly data: string;
  /** 0 calls, 1 runs foreign code as the Safe itself. */
  readonly operation: number;
  readonly safeTxGas: bigint;
  readonly baseGas: bigint;
  /** Above 0 the Safe pays whoever brings the transaction. */
  readonly gasPrice: bigint;
  readonly gasToken: string;
  readonly refundReceiver: string;
  readonly nonce: bigint;
}

/** What owners compare: each 32 bytes as hex. */
export interface SafeHashes {
  /** Of chain and Safe: keccak256 of the EIP-712 domain. */
  readonly domainHash: string;
  /** Of the ten fields: their EIP-712 struct hash. */
  readonly messageHash: string;
  /** keccak256(0x1901, domainHash, messageHash): what is signed, and what the Safe's `getTransactionHash` gives. */
  readonly safeTxHash: string;
}

const UINT = 2n ** 256n;

/** Chain and Safe. */
export const placeMembers = lazily(() => zod.strictObject({ chainId: decimalBelow(UINT), safe: address() }));

/** The ten fields. */
export const transactionMembers = lazily(() =>
  zod.strictObject({
    to: address(),
    value: decimalBelow(UINT),
    data: zod.string().regex(/^0x([0-9a-f]{2})*$/),
    operation: zod.int().min(0).max(1),
    safeTxGas: decimalBelow(UINT),
    baseGas: decimalBelow(UINT),
    gasPrice: decimalBelow(UINT),
    gasToken: address(),
    refundReceiver: address(),
    nonce: decimalBelow(UINT),
  }),
);

export const SAFE_FORM: FormName = { code: "safe/malformed-transaction", what: "a Safe's transaction" };

/** What the owners of a Safe sign (EIP-712, Safe 1.3.0 and later). */
export const SAFE_TRANSACTION: Record<string, TypedDataField[]> = {
  SafeTx: [
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "data", type: "bytes" },
    { name: "operation", type: "uint8" },
    { name: "safeTxGas", type: "uint256" },
    { name: "baseGas", type: "uint256" },
    { name: "gasPrice", type: "uint256" },
    { name: "gasToken", type: "address" },
    { name: "refundReceiver", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

/** What the owners of a Safe sign so that the Safe signs a message (EIP-1271). */
export const SAFE_MESSAGE: Record<string, TypedDataField[]> = {
  SafeMessage: [{ name: "message", type: "bytes" }],
};

/**
 * A call by a Safe that sends no wei along and pays nobody.
 * @param call.data lower-case hex.
 * @throws SealpatchError `safe/malformed-transaction`.
 */
export function plainCall(call: Pick<SafeTransaction, "to" | "data" | "nonce">): SafeTransaction {
  const transaction = {
    to: call.to,
    value: 0n,
    data: call.data,
    operation: 0,
    safeTxGas: 0n,
    baseGas: 0n,
    gasPrice: 0n,
    gasToken: ZeroAddress,
    refundReceiver: ZeroAddress,
    nonce: call.nonce,
  };
  formToJson(transactionMembers(), transaction, SAFE_FORM);
  return { ...transaction, to: getAddress(call.to) };
}

/** The EIP-712 domain of a Safe of 1.3.0 or later. @throws SealpatchError `safe/malformed-transaction`. */
export function safeDomain({ chainId, safe }: SafePlace): {
  readonly chainId: bigint;
  readonly verifyingContract: string;
} {
  formToJson(placeMembers(), { chainId, safe }, SAFE_FORM);
  return { chainId, verifyingContract: getAddress(safe) };
}

/**
 * The hashes of a Safe's transaction (EIP-712; Safe 1.3.0, 1.4.1 and 1.5.0 hash alike).
 * @param transaction its calldata in lower-case hex.
 * @throws SealpatchError `safe/malformed-transaction`.
 * @example
 * ```ts
 * const { target: to, data } = timelock.haltCall("an auditor lost a key");
 * const { safeTxHash } = safeHashes({ chainId: 1n, safe }, plainCall({ to, data, nonce: 7n }));
 * console.log(safeTxHash);
 * ```
 */
export function safeHashes(place: SafePlace, transaction: SafeTransaction): SafeHashes {
  formToJson(transactionMembers(), { ...transaction }, SAFE_FORM);
  return hashesOf(place, SAFE_TRANSACTION, { ...transaction });
}

/**
 * The hashes of a message that a Safe signs as an owner of another Safe (its CompatibilityFallbackHandler).
 * @param message bytes as hex: see `ownerMessage`.
 */
export function safeMessageHashes(place: SafePlace, message: string): SafeHashes {
  return hashesOf(place, SAFE_MESSAGE, { message });
}

function hashesOf(
  place: SafePlace,
  types: Record<string, TypedDataField[]>,
  value: Record<string, unknown>,
): SafeHashes {
  const parts = {
    domainHash: TypedDataEncoder.hashDomain(safeDomain(place)),
    messageHash: TypedDataEncoder.from(types).hash(value),
  };
  return { ...parts, safeTxHash: keccak256(safePreimage(parts)) };
}

/** What is hashed to `safeTxHash`: 66 bytes as hex. */
export function safePreimage({ domainHash, messageHash }: Omit<SafeHashes, "safeTxHash">): string {
  return concat(["0x1901", domainHash, messageHash]);
}
