import { FIELD_ORDER, inverse, reduce, seededElements } from "../../soundness/modular.js";

/** A polynomial over F: coefficients in [0, r), the lowest first, the last one not 0; the empty list is 0. */
export type Polynomial = readonly bigint[];

const trim = (coefficients: bigint[]): Polynomial => {
  while (coefficients.at(-1) === 0n) coefficients.pop();
  return coefficients;
};

export const polynomial = (...coefficients: readonly bigint[]): Polynomial => trim(coefficients.map(reduce));

export const add = (a: Polynomial, b: Polynomial): Polynomial =>
  trim(Array.from({ length: Math.max(a.length, b.length) }, (_, i) => reduce((a[i] ?? 0n) + (b[i] ?? 0n))));

export function multiply(first: Polynomial, ...more: readonly Polynomial[]): Polynomial {
  return more.reduce((a, b) => {
    const product = Array<bigint>(Math.max(0, a.length + b.length - 1)).fill(0n);
    a.forEach((left, i) => {
      b.forEach((right, j) => {
        product[i + j] = reduce(product[i + j]! + left * right);
      });
    });
    return trim(product);
  }, first);
}

export const scale = (a: Polynomial, factor: bigint): Polynomial => multiply(a, polynomial(factor));

/** Quotient and rest of a division by `divisor`, which is not 0. */
function divide(a: Polynomial, divisor: Polynomial): { quotient: Polynomial; rest: Polynomial } {
  const rest = [...a];
  const quotient = Array<bigint>(Math.max(0, a.length - divisor.length + 1)).fill(0n);
  const leading = inverse(divisor.at(-1)!);
  for (let at = a.length - divisor.length; at >= 0; at--) {
    const factor = reduce(rest[at + divisor.length - 1]! * leading);
    quotient[at] = factor;
    divisor.forEach((coefficient, i) => {
      rest[at + i] = reduce(rest[at + i]! - factor * coefficient);
    });
  }
  return { quotient: trim(quotient), rest: trim(rest) };
}

/** Greatest common divisor of two polynomials that are not both 0, up to a factor in F. */
function commonDivisor(a: Polynomial, b: Polynomial): Polynomial {
  return b.length === 0 ? a : commonDivisor(b, divide(a, b).rest);
}

/** base^exponent modulo a polynomial of degree 1 at least. */
function power(base: Polynomial, exponent: bigint, modulus: Polynomial): Polynomial {
  let result: Polynomial = [1n];
  for (const bit of exponent.toString(2)) {
    result = divide(multiply(result, result), modulus).rest;
    if (bit === "1") result = divide(multiply(result, base), modulus).rest;
  }
  return result;
}

/**
 * A root in F, or undefined where there is none: the common divisor with X^r - X has each root once, and is split at
 * random by (X + s)^((r - 1) / 2) - 1 (Cantor and Zassenhaus, Mathematics of Computation 36, 1981).
 * @param a a polynomial that is not 0.
 */
export function rootOf(a: Polynomial): bigint | undefined {
  if (a.length < 2) return undefined;
  const minus = (from: Polynomial, what: Polynomial) => add(from, scale(what, -1n));
  let product = commonDivisor(a, minus(power([0n, 1n], FIELD_ORDER, a), [0n, 1n]));
  const shifts = seededElements("roots");
  while (product.length > 2) {
    const half = power([shifts.next().value, 1n], (FIELD_ORDER - 1n) / 2n, product);
    const part = commonDivisor(product, minus(half, [1n]));
    if (part.length < 2 || part.length === product.length) continue;
    const other = divide(product, part).quotient;
    product = part.length <= other.length ? part : other;
  }
  return product.length < 2 ? undefined : reduce(-product[0]! * inverse(product[1]!));
}
