// A council member's proofs, from the sealed bundle and the auditors' attestations. Nothing here talks to a chain.
import {
  type Attestation,
  decryptBundle,
  type PreparedPatch,
  type ProvenPatch,
  proveAttest,
  proveBind,
  reviewPatch,
  type SealedReviewInputs,
  verifyAttest,
  verifyBind,
} from "../src/index.js";

/** While the auditors work. */
export async function prepare(inputs: SealedReviewInputs): Promise<PreparedPatch> {
  // Open the bundle and redo everything that it claims: compile, compare layouts, run all vectors.
  const bundle = await decryptBundle(inputs.sealed, inputs.identity);
  const review = await reviewPatch({ ...inputs, bundle });
  // Prove that whatever is deployed under the commitment is this code.
  const bind = await proveBind(review);
  if (!(await verifyBind(bind))) throw new Error("the proof of bind does not verify");
  return { review, bind };
}

/** When the attestations have come in. A statement that is false is refused, with the rule that it breaks. */
export async function prove(
  { review, bind }: PreparedPatch,
  attestations: readonly Attestation[],
): Promise<ProvenPatch> {
  const attest = await proveAttest(review, attestations);
  if (!(await verifyAttest(attest))) throw new Error("the proof of attest does not verify");
  const proven: ProvenPatch = { review, bind, attest, attestations };
  return proven;
}
