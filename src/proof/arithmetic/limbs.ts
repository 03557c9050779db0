import { FIELD_ORDER } from "../../field/index.js";

/*
 * How the WASM module writes field elements: nine limbs of 29 bits, least significant first, in Montgomery form with R = 2^261 (Montgomery,
 * "Modular Multiplication Without Trial Division", 1985). Limbs of 29 bits leave room in 64 bits for all products of a column, so
 * nothing is carried inside a multiplication; seven spare bits above the modulus let sums wait for their reduction.
 *
 * Four elements lie together, limb by limb: word l of element e at 16 l + 4 e. One vector instruction then works on one limb of four elements.
 */

export const LIMB_BITS = 29;
export const LIMBS = 9;
export const LIMB_MASK = 2 ** LIMB_BITS - 1;

/** Elements that are computed together. */
export const LANES = 4;

/** Size in bytes of four elements. */
export const GROUP_BYTES = 16 * LIMBS;

/** Size in bytes of one element alone. */
export const ELEMENT_BYTES = 4 * LIMBS;

const RADIX_BITS = BigInt(LIMB_BITS * LIMBS);

/** The limbs of a non-negative integer below 2^261. */
export function limbsOf(value: bigint): number[] {
  return Array.from({ length: LIMBS }, (_, index) =>
    Number((value >> BigInt(LIMB_BITS * index)) & BigInt(LIMB_MASK)),
  );
}

/** The integer of limbs that need not be reduced. */
export function fromLimbs(limbs: ArrayLike<number>): bigint {
  let value = 0n;
  for (let index = LIMBS - 1; index >= 0; index--)
    value = (value << BigInt(LIMB_BITS)) + BigInt(limbs[index]!);
  return value;
}

/** Order q of the BN254 base field, which coordinates of points are in (EIP-197). */
export const BASE_FIELD_ORDER =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** A prime of BN254 and what the module needs of it. */
export interface PrimeField {
  readonly name: "q" | "r";
  readonly order: bigint;
}

/** The field of coordinates. */
export const BASE_FIELD: PrimeField = { name: "q", order: BASE_FIELD_ORDER };

/** The field of scalars and witnesses. */
export const SCALAR_FIELD: PrimeField = { name: "r", order: FIELD_ORDER };

/** 2^bits in a field. */
export function powerOfTwo({ order }: PrimeField, bits: number): bigint {
  return (1n << BigInt(bits)) % order;
}

/** A value in Montgomery form. */
export function toMontgomery({ order }: PrimeField, value: bigint): bigint {
  return (value << RADIX_BITS) % order;
}

/** The value of a Montgomery form, in [0, order). */
export function fromMontgomery({ order }: PrimeField, form: bigint): bigint {
  return (form * powerModulo(2n, order - 1n - RADIX_BITS, order)) % order;
}

/** base^exponent modulo a prime. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let factor = ((base % modulus) + modulus) % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}
