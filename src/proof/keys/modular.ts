import { FIELD_ORDER } from "../../field/index.js";

/** base^exponent modulo r, for exponent >= 0. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % FIELD_ORDER;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD_ORDER;
    square = (square * square) % FIELD_ORDER;
  }
  return result;
}

/** 1 / value modulo r, for value not 0 (Fermat). */
export function inverse(value: bigint): bigint {
  return power(value, FIELD_ORDER - 2n);
}
