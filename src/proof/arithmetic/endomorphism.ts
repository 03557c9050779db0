import { BASE_FIELD, powerModulo, SCALAR_FIELD } from "./limbs.js";

/*
 * The endomorphism (x, y) -> (beta x, y) of BN254 and how a scalar is split by it (Gallant, Lambert, Vanstone, "Faster Point Multiplication
 * on Elliptic Curves with Efficient Endomorphisms", CRYPTO 2001): k P = k1 P + k2 (beta x, y) with k1 and k2 below 2^127.
 */

const q = BASE_FIELD.order;
const r = SCALAR_FIELD.order;

/** A root of x^2 + x + 1: of the third roots of one, one that is not one itself. */
function thirdRoot(order: bigint): bigint {
  for (let base = 2n; ; base++) {
    const root = powerModulo(base, (order - 1n) / 3n, order);
    if (root !== 1n) return root;
  }
}

/** lambda with lambda (x, y) = (beta x, y) for the generator (1, 2) of G1. */
export const LAMBDA = thirdRoot(r);

/** Third roots of one in the field of coordinates; which of them belongs to LAMBDA differs between G1 and G2. */
const ROOT = thirdRoot(q);
const OTHER_ROOT = q - 1n - ROOT;

export interface Lattice {
  /** Two short vectors (a, b) with a + b lambda = 0 modulo r. */
  readonly a: readonly [bigint, bigint];
  readonly b: readonly [bigint, bigint];
}

/** The extended Euclidean algorithm on r and lambda, stopped at the square root of r (GLV, section 4). */
function shortVectors(): Lattice {
  const rows: [rest: bigint, factor: bigint][] = [
    [r, 0n],
    [LAMBDA, 1n],
  ];
  const last = () => rows[rows.length - 1]!;
  while (last()[0] * last()[0] >= r || rows.length < 3) {
    const [older, newer] = rows.slice(-2) as [[bigint, bigint], [bigint, bigint]];
    const quotient = older[0] / newer[0];
    rows.push([older[0] - quotient * newer[0], older[1] - quotient * newer[1]]);
  }
  // rest = factor lambda modulo r, so (rest, -factor) is in the lattice: the first row below the root, and the one before it.
  const [before, first] = rows.slice(-2) as [[bigint, bigint], [bigint, bigint]];
  const vector = ([rest, factor]: [bigint, bigint]): [bigint, bigint] => [rest, -factor];
  const [v1, v2] = [vector(first), vector(before)];
  return { a: [v1[0], v2[0]], b: [v1[1], v2[1]] };
}

export const LATTICE: Lattice = shortVectors();

/** Fraction bits of the factors that round k to the lattice. */
export const ROUNDING_BITS = 256n;

/** How often each vector goes off k: round(factor k / 2^256), with factors that may be negative. */
export const ROUNDING: readonly [bigint, bigint] = (() => {
  const { a, b } = LATTICE;
  const determinant = a[0] * b[1] - a[1] * b[0];
  const scaled = (numerator: bigint) => rounded(numerator << ROUNDING_BITS, determinant);
  return [scaled(b[1]), scaled(-b[0])];
})();

function rounded(numerator: bigint, denominator: bigint): bigint {
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
  const double = 2n * n + d;
  const quotient = double / (2n * d);
  return double < 0n && quotient * 2n * d !== double ? quotient - 1n : quotient;
}

/** k as k1 + k2 lambda modulo r, as the module splits it. */
export function splitScalar(k: bigint): readonly [k1: bigint, k2: bigint] {
  const { a, b } = LATTICE;
  const half = 1n << (ROUNDING_BITS - 1n);
  // Of the absolute value, as the module does, which multiplies words without sign.
  const count = (factor: bigint) => {
    const magnitude = (k * (factor < 0n ? -factor : factor) + half) >> ROUNDING_BITS;
    return factor < 0n ? -magnitude : magnitude;
  };
  const [c1, c2] = [count(ROUNDING[0]), count(ROUNDING[1])];
  return [k - c1 * a[0] - c2 * a[1], -c1 * b[0] - c2 * b[1]];
}

/** beta of each group, for the same lambda; of G2's curve, only in the subgroup of order r. */
export const BETA = { g1: OTHER_ROOT, g2: ROOT } as const;
