import { singleThreadCurve } from "../curve/index.js";
import type { PointG1, VerifyingKey } from "../keys/index.js";
import type { Groth16Proof } from "./proof.js";

/**
 * A proof of any signals for a key whose delta is its gamma, as a key without contributions has it (T07), made of the key alone: A = alpha,
 * B = beta, and C = -(IC_0 + sum of s_i IC_i) cancels the signals. Under any other key it does not hold. Veil Cash and FOOM were robbed so.
 * @param signals one field element a public signal of the key.
 */
export async function forgeWhereDeltaIsGamma(
  key: VerifyingKey,
  signals: readonly bigint[],
): Promise<Groth16Proof> {
  const { G1 } = await singleThreadCurve();
  const [first, ...others] = key.IC.map((point) => G1.fromObject(point.map(BigInt)));
  const sum = others.reduce((total, point, i) => G1.add(total, G1.timesScalar(point, signals[i]!)), first!);
  return {
    pi_a: key.vk_alpha_1,
    pi_b: key.vk_beta_2,
    pi_c: G1.toObject(G1.toAffine(G1.neg(sum))).map(String) as PointG1,
    protocol: "groth16",
    curve: "bn128",
  };
}
