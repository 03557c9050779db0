import { bytesToBigInt, FIELD_ORDER } from "../../src/field/index.js";

const SCALAR_BYTES = 32;

/** What a sum of points times scalars consists of. Points at infinity, which add nothing, are not counted. */
export interface SumSizes {
  readonly points: number;
  /** Scalars of these points: 0, 1, -1, others below 2^64, and all others. */
  readonly zero: number;
  readonly one: number;
  readonly minusOne: number;
  readonly small: number;
  readonly full: number;
}

/**
 * Counts the scalars of a sum by size.
 * @param points as a key file holds them, all of one size: infinity is zero bytes.
 * @param scalars one for each point, plain and little-endian, 32 bytes.
 */
export function sumSizes(points: Uint8Array, scalars: Uint8Array): SumSizes {
  const count = scalars.length / SCALAR_BYTES;
  const pointBytes = points.length / count;
  const sizes = { points: 0, zero: 0, one: 0, minusOne: 0, small: 0, full: 0 };
  for (let index = 0; index < count; index++) {
    const point = points.subarray(index * pointBytes, (index + 1) * pointBytes);
    if (point.every((byte) => byte === 0)) continue;
    sizes.points++;
    sizes[sizeOf(scalars.subarray(index * SCALAR_BYTES, (index + 1) * SCALAR_BYTES))]++;
  }
  return sizes;
}

function sizeOf(littleEndian: Uint8Array): Exclude<keyof SumSizes, "points"> {
  const scalar = bytesToBigInt(littleEndian.toReversed());
  if (scalar === 0n) return "zero";
  if (scalar === 1n) return "one";
  if (scalar === FIELD_ORDER - 1n) return "minusOne";
  return scalar < 2n ** 64n ? "small" : "full";
}
