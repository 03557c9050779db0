import { isHexString, keccak256 } from "ethers";
import { SealpatchError } from "../errors.js";

/** Order r of the BN254 scalar field F (EIP-197). Every field element in this package is a bigint in [0, r). */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

const LIMB_BITS = 128n;
const LIMB_MASK = (1n << LIMB_BITS) - 1n;

/** Bytes that fit one field element: 31 bytes = 248 bits < log2(r). */
export const CHUNK_BYTES = 31;

// The four checks below also see what a caller without types gives: what JavaScript would turn into a number or into
// bytes (`""` into 0, a hex string into its characters) would be hashed, signed or committed without a word.

/**
 * Checks that `value` is a canonical field element.
 * @throws SealpatchError `field/out-of-range` where value is no bigint, negative or >= r.
 */
export function assertField(value: bigint, name: string): bigint {
  if (typeof value !== "bigint" || value < 0n || value >= FIELD_ORDER) {
    throw new SealpatchError("field/out-of-range", `${name} is not a canonical field element`, {
      why: "a field element must be a bigint, at least 0 and below the BN254 scalar field order",
      remedy: "use the value as this package computed it; do not reduce or pad it",
    });
  }
  return value;
}

/**
 * Checks that `bytes` are bytes.
 * @throws SealpatchError `field/not-bytes`. It never shows them.
 */
export function assertBytes(bytes: Uint8Array, name: string): Uint8Array {
  if (isUint8Array(bytes)) return bytes;
  throw new SealpatchError("field/not-bytes", `${name}: this is no Uint8Array`, {
    why: "text, hex and other arrays stand for other bytes than they seem to",
    remedy: "decode hex to bytes first",
  });
}

/**
 * As `isUint8Array` of node:util/types, which browsers do not have: by the getter that reads what an object was made as. Not by
 * `instanceof`: test runners and frames have classes of their own.
 */
function isUint8Array(value: unknown): boolean {
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
  const madeAs = Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)!.get!;
  return madeAs.call(value) === "Uint8Array";
}

/**
 * Checks that `hash` is 32 bytes as hex.
 * @throws SealpatchError `field/not-a-hash`.
 */
export function assertHash(hash: string, name: string): string {
  if (isHexString(hash, 32)) return hash;
  throw new SealpatchError("field/not-a-hash", `${name} is not 32 bytes of hex`, {
    remedy: "give 0x and 64 hex digits",
  });
}

/**
 * Splits a 256-bit word into (hi, lo), two 128-bit limbs.
 * @throws SealpatchError `field/word-out-of-range` where word is no bigint, negative or >= 2^256.
 */
export function wordLimbs(word: bigint): [hi: bigint, lo: bigint] {
  if (typeof word !== "bigint" || word < 0n || word >= 1n << 256n) {
    throw new SealpatchError("field/word-out-of-range", "a word must be at least 0 and below 2^256");
  }
  return [word >> LIMB_BITS, word & LIMB_MASK];
}

/** Big-endian bytes to a non-negative integer; the empty string of bytes is 0. @throws SealpatchError `field/not-bytes`. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  assertBytes(bytes, "integer");
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/**
 * Splits bytes into 31-byte big-endian field elements; the last chunk is padded with zeros on the right.
 * @throws SealpatchError `field/not-bytes`.
 */
export function chunkBytes(bytes: Uint8Array): bigint[] {
  assertBytes(bytes, "hash input");
  const chunks: bigint[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const part = bytes.subarray(start, start + CHUNK_BYTES);
    chunks.push(bytesToBigInt(part) << BigInt(8 * (CHUNK_BYTES - part.length)));
  }
  return chunks;
}

/**
 * `uint256(keccak256(bytes)) >> 8`: 248 bits, always a canonical field element (protocol.md section 3).
 * @throws SealpatchError `field/not-bytes`.
 */
export function keccak248(bytes: Uint8Array): bigint {
  return BigInt(keccak256(assertBytes(bytes, "hash input"))) >> 8n;
}
