import type { Curve, Point } from "ffjavascript";
import { FIELD_ORDER } from "../../../src/field/index.js";
import { singleThreadCurve } from "../../../src/proof/curve/index.js";
import type { PointG1, PointG2, VerifyingKey } from "../../../src/proof/keys/index.js";
import type { Groth16Proof } from "../../../src/proof/prover/index.js";

const g1 = ({ G1 }: Curve, point: Point): PointG1 => G1.toObject(G1.toAffine(point)).map(String) as PointG1;
const g2 = ({ G2 }: Curve, point: Point): PointG2 =>
  (G2.toObject(G2.toAffine(point)) as [bigint, bigint][]).map((pair) => pair.map(String)) as PointG2;

/** A verifying key that passes every check, with the secrets that prove anything under it (Groth 2016, section 3.2). */
export async function trapdoorKey(publicSignals: number): Promise<{
  verifyingKey: VerifyingKey;
  forge: (signals: readonly bigint[]) => Groth16Proof;
}> {
  const curve = await singleThreadCurve();
  const { G1, G2, Gt } = curve;
  const [alpha, beta, delta, a, b] = [3n, 5n, 7n, 11n, 13n];
  const ic = Array.from({ length: publicSignals + 1 }, (_, i) => 100n + BigInt(i));
  const inG1 = (scalar: bigint) => g1(curve, G1.timesScalar(G1.g, scalar));
  const inG2 = (scalar: bigint) => g2(curve, G2.timesScalar(G2.g, scalar));
  const product = curve.pairing(G1.timesScalar(G1.g, alpha), G2.timesScalar(G2.g, beta));
  const verifyingKey: VerifyingKey = {
    protocol: "groth16",
    curve: "bn128",
    nPublic: publicSignals,
    vk_alpha_1: inG1(alpha),
    vk_beta_2: inG2(beta),
    vk_gamma_2: inG2(1n),
    vk_delta_2: inG2(delta),
    vk_alphabeta_12: Gt.toObject(product).map((half) =>
      half.map((pair) => pair.map(String) as [string, string]),
    ),
    IC: ic.map(inG1),
  };
  return {
    verifyingKey,
    forge: (signals) => {
      const sum = ic.slice(1).reduce((total, point, i) => total + point * signals[i]!, ic[0]!);
      const numerator = (((a * b - alpha * beta - sum) % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;
      return {
        pi_a: inG1(a),
        pi_b: inG2(b),
        pi_c: inG1((numerator * inverse(delta)) % FIELD_ORDER),
        protocol: "groth16",
        curve: "bn128",
      };
    },
  };
}

function inverse(value: bigint): bigint {
  let [power, result] = [value, 1n];
  for (let left = FIELD_ORDER - 2n; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * power) % FIELD_ORDER;
    power = (power * power) % FIELD_ORDER;
  }
  return result;
}
