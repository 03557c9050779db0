import type { Curve } from "ffjavascript";
import { FIELD_ORDER } from "../../field/index.js";
import { withCurve } from "../curve/index.js";
import { BASE_FIELD_ORDER, type VerifyingKey } from "../keys/index.js";
import { type Groth16Proof, proofSchema } from "./proof.js";

/**
 * Whether a proof verifies. As strict as the verifier contract: false also where the number of public signals is wrong,
 * one of them is not in [0, r) (T06), or a proof element is not canonical, off its curve or outside its subgroup.
 * Verifying many proofs inside one `withCurve` saves starting the threads each time.
 */
export async function verifyProof(
  verifyingKey: VerifyingKey,
  publicSignals: readonly bigint[],
  proof: Groth16Proof,
): Promise<boolean> {
  // snarkjs takes missing signals for zeros.
  if (publicSignals.length !== verifyingKey.nPublic) return false;
  if (publicSignals.some((signal) => typeof signal !== "bigint" || signal < 0n || signal >= FIELD_ORDER))
    return false;
  if (!proofSchema().safeParse(proof).success) return false;
  return withCurve(async (curve) => {
    if (!hasValidPoints(curve, proof)) return false;
    const { groth16 } = await import("snarkjs");
    return groth16.verify(verifyingKey, publicSignals.map(String), proof);
  });
}

function hasValidPoints({ G1, G2 }: Curve, proof: Groth16Proof): boolean {
  const coordinates = [proof.pi_a, proof.pi_b, proof.pi_c].flat(2).map(BigInt);
  if (coordinates.some((value) => value >= BASE_FIELD_ORDER)) return false;
  // Affine: z is one, and zero is not written as such.
  if (proof.pi_a[2] !== "1" || proof.pi_c[2] !== "1" || proof.pi_b[2].join() !== "1,0") return false;
  const a = G1.fromObject(proof.pi_a.map(BigInt));
  const b = G2.fromObject(proof.pi_b.map(([real, imaginary]) => [BigInt(real), BigInt(imaginary)]));
  const c = G1.fromObject(proof.pi_c.map(BigInt));
  // G1 has no subgroup of its own; snarkjs does not look whether B is in that of G2, the EVM does.
  return G1.isValid(a) && G1.isValid(c) && G2.isValid(b) && G2.isZero(G2.timesScalar(b, FIELD_ORDER));
}
