// A second implementation on purpose: what examines a circuit must not share a fault with what proves it.
import { createHash } from "node:crypto";

/** Order r of the scalar field of BN254 (EIP-197), over which Circom's circuits are by default. */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** The representative of `value` in [0, r). */
export function reduce(value: bigint): bigint {
  const rest = value % FIELD_ORDER;
  return rest < 0n ? rest + FIELD_ORDER : rest;
}

/** The inverse of `value` modulo r, by the extended Euclidean algorithm. `value` is in [1, r). */
export function inverse(value: bigint): bigint {
  let [low, high] = [value, FIELD_ORDER];
  let [factor, previous] = [1n, 0n];
  while (low !== 1n) {
    const quotient = high / low;
    [low, high] = [high - quotient * low, low];
    [factor, previous] = [previous - quotient * factor, factor];
  }
  return reduce(factor);
}

/** An endless sequence of field elements that depends on the seed alone: SHA-256 of seed and position, modulo r. */
export function* seededElements(seed: string): Generator<bigint, never> {
  for (let position = 0; ; position++) {
    const digest = createHash("sha256").update(`${seed}:${position}`).digest("hex");
    yield BigInt(`0x${digest}`) % FIELD_ORDER;
  }
}
