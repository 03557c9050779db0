import { FIELD_ORDER } from "../../field/index.js";
import { powerModulo } from "../arithmetic/index.js";

/** base^exponent modulo r, for exponent >= 0. */
export function power(base: bigint, exponent: bigint): bigint {
  return powerModulo(base, exponent, FIELD_ORDER);
}

/** 1 / value modulo r, for value not 0 (Fermat). */
export function inverse(value: bigint): bigint {
  return power(value, FIELD_ORDER - 2n);
}
