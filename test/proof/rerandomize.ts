import { randomBytes } from "node:crypto";
import { FIELD_ORDER } from "../../src/field/index.js";
import { singleThreadCurve } from "../../src/proof/curve/index.js";
import type { PointG1, PointG2, VerifyingKey } from "../../src/proof/keys/index.js";
import type { Groth16Proof } from "../../src/proof/prover/index.js";

/**
 * Another proof of the same statement, made by somebody who has only the proof and the verifying key (T02):
 * A' = A / r1, B' = r1 B + r1 r2 delta, C' = C + r2 A, so that e(A', B') = e(A, B) e(r2 A, delta).
 * @param factors r1 (not 0) and r2; random where omitted.
 */
export async function rerandomizeProof(
  proof: Groth16Proof,
  verifyingKey: VerifyingKey,
  factors: readonly [r1: bigint, r2: bigint] = [randomScalar(), randomScalar()],
): Promise<Groth16Proof> {
  const { G1, G2 } = await singleThreadCurve();
  const [r1, r2] = factors;
  const fromG2 = (point: PointG2) =>
    G2.fromObject(point.map(([c0, c1]) => [BigInt(c0), BigInt(c1)] as const));
  const a = G1.fromObject(proof.pi_a.map(BigInt));
  const b = fromG2(proof.pi_b);
  const c = G1.fromObject(proof.pi_c.map(BigInt));
  const delta = fromG2(verifyingKey.vk_delta_2);
  const newA = G1.toObject(G1.toAffine(G1.timesScalar(a, inverse(r1))));
  const newB = G2.toObject(
    G2.toAffine(G2.add(G2.timesScalar(b, r1), G2.timesScalar(delta, (r1 * r2) % FIELD_ORDER))),
  );
  const newC = G1.toObject(G1.toAffine(G1.add(G1.timesScalar(a, r2), c)));
  return {
    ...proof,
    pi_a: newA.map(String) as PointG1,
    pi_b: (newB as [bigint, bigint][]).map(([c0, c1]) => [`${c0}`, `${c1}`]) as unknown as PointG2,
    pi_c: newC.map(String) as PointG1,
  };
}

function randomScalar(): bigint {
  return (BigInt(`0x${randomBytes(48).toString("hex")}`) % (FIELD_ORDER - 1n)) + 1n;
}

function inverse(value: bigint): bigint {
  let result = 1n;
  for (let bit = 253n; bit >= 0n; bit--) {
    result = (result * result) % FIELD_ORDER;
    if (((FIELD_ORDER - 2n) >> bit) & 1n) result = (result * value) % FIELD_ORDER;
  }
  return result;
}
