import { singleThreadCurve } from "../../../src/proof/curve/index.js";

const curve = await singleThreadCurve();
const { G2, q, r } = curve;

/** The cofactor of the curve of G2: the group of its points has r times as many. */
const COFACTOR = 2n * q - r;
/** The smallest prime factor of the cofactor. */
export const SMALLEST_ORDER = 10_069n;

/** A point of the curve of G2, outside its subgroup, of the smallest order that there is. */
export function strayPoint(): Uint8Array {
  for (let x = 1n; ; x += 1n) {
    const y = squareRootInTwist(x);
    if (y === undefined) continue;
    const point = G2.fromObject([[x, 0n], y]);
    const part = G2.timesScalar(G2.timesScalar(point, r), COFACTOR / SMALLEST_ORDER);
    if (!G2.isZero(part)) return part;
  }
}

/** y with y^2 = x^3 + 3 / (9 + i) in Fq2 = Fq[i], for x of Fq; undefined where there is none. */
function squareRootInTwist(x: bigint): [bigint, bigint] | undefined {
  // 3 / (9 + i) = 3 (9 - i) / 82.
  const scale = mod(3n * power(82n, q - 2n));
  const [a, b] = [mod(x * x * x + 9n * scale), mod(-scale)];
  const norm = root(mod(a * a + b * b));
  if (norm === undefined) return undefined;
  const half = power(2n, q - 2n);
  for (const candidate of [mod((a + norm) * half), mod((a - norm) * half)]) {
    const real = root(candidate);
    if (real === undefined || real === 0n) continue;
    return [real, mod(b * power(2n * real, q - 2n))];
  }
  return undefined;
}

function mod(value: bigint): bigint {
  return ((value % q) + q) % q;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

function root(value: bigint): bigint | undefined {
  const candidate = power(value, (q + 1n) / 4n);
  return mod(candidate * candidate) === mod(value) ? candidate : undefined;
}
