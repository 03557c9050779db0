import { bn254 } from "@noble/curves/bn254.js";
import type { PointG1, PointG2, VerifyingElements } from "../keys/index.js";
import type { SolidityProof } from "./solidity.js";

// For pages, which have neither WebAssembly nor workers, and for whoever has no proving key; apart from snarkjs: one does not repeat the
// other's mistakes.

const { Fp, Fp2, Fp12, Fr } = bn254.fields;
const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
type InG1 = InstanceType<typeof G1>;
type InG2 = InstanceType<typeof G2>;

/**
 * Whether a Groth16 proof over BN254 verifies: e(-A, B) e(alpha, beta) e(IC_0 + sum of s_i IC_i, gamma) e(C, delta) = 1 (Groth, "On the
 * Size of Pairing-Based Non-interactive Arguments", EUROCRYPT 2016). False also where the number of signals
 * is wrong, one of them is not in [0, r), a coordinate is not canonical, or a point, the key's included, is off its curve or outside its
 * subgroup. Infinity is (0, 0), as in EIP-197, and a point as any other: as for the contract, and unlike `verifyProof`, which refuses it as
 * B. Who has only the key makes no such proof.
 * @param proof as the verifier contract takes it: imaginary parts of `b` first.
 */
export function proofHolds(
  key: VerifyingElements,
  signals: readonly bigint[],
  { a, b, c }: SolidityProof,
): boolean {
  if (signals.length !== key.nPublic || key.IC.length !== key.nPublic + 1) return false;
  if (!signals.every((signal) => isBelow(Fr.ORDER, signal))) return false;
  const [minusA, inB, inC] = [inG1(a)?.negate(), inG2(b), inG1(c)];
  const [alpha, beta, gamma, delta] = [
    keyG1(key.vk_alpha_1),
    keyG2(key.vk_beta_2),
    keyG2(key.vk_gamma_2),
    keyG2(key.vk_delta_2),
  ];
  const sum = combination(key.IC.map(keyG1), [1n, ...signals]);
  return isProductOne([
    [minusA, inB],
    [alpha, beta],
    [sum, gamma],
    [inC, delta],
  ]);
}

function combination(points: readonly (InG1 | undefined)[], scalars: readonly bigint[]): InG1 | undefined {
  let sum = G1.ZERO;
  for (const [i, point] of points.entries()) {
    if (point === undefined) return undefined;
    // Everything here is public: no need of constant time.
    sum = sum.add(point.multiplyUnsafe(scalars[i]!));
  }
  return sum;
}

/** Whether the pairings multiply to one; not where a point is none. A pairing with infinity is one, and the library refuses to say so. */
function isProductOne(pairs: readonly (readonly [InG1 | undefined, InG2 | undefined])[]): boolean {
  const factors: { g1: InG1; g2: InG2 }[] = [];
  for (const [g1, g2] of pairs) {
    if (g1 === undefined || g2 === undefined) return false;
    if (!g1.is0() && !g2.is0()) factors.push({ g1, g2 });
  }
  return Fp12.eql(bn254.pairingBatch(factors), Fp12.ONE);
}

function inG1([x, y]: SolidityProof["a"]): InG1 | undefined {
  if (![x, y].every((value) => isBelow(Fp.ORDER, value))) return undefined;
  return valid(() => G1.fromAffine({ x, y }));
}

function inG2([x, y]: SolidityProof["b"]): InG2 | undefined {
  if (![...x, ...y].every((value) => isBelow(Fp.ORDER, value))) return undefined;
  const element = ([imaginary, real]: readonly [bigint, bigint]) => Fp2.fromBigTuple([real, imaginary]);
  return valid(() => G2.fromAffine({ x: element(x), y: element(y) }));
}

/** On the curve and in the subgroup, or undefined. The library takes no point with y = 0, which neither curve has. */
function valid<P extends InG1 | InG2>(make: () => P): P | undefined {
  try {
    const point = make();
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}

const isBelow = (order: bigint, value: bigint): boolean =>
  typeof value === "bigint" && value >= 0n && value < order;

const keyG1 = ([x, y, z]: PointG1): InG1 | undefined =>
  z === "1" ? inG1([BigInt(x), BigInt(y)]) : undefined;

const keyG2 = ([[x0, x1], [y0, y1], z]: PointG2): InG2 | undefined =>
  z.join() === "1,0"
    ? inG2([
        [BigInt(x1), BigInt(x0)],
        [BigInt(y1), BigInt(y0)],
      ])
    : undefined;
