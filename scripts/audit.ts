// An auditor's part, from the sealed bundle alone. Nothing here talks to a chain.
import {
  type Attestation,
  attest,
  decryptBundle,
  type PatchWarning,
  reviewPatch,
  type SealedReviewInputs,
} from "../src/index.js";

/**
 * Reviews and signs. Everything that the statement says was done here, again: compile, compare layouts, run all vectors.
 * @param inputs the sealed bundle with the auditor's own age identity, and what the chain says.
 * @param privateKey the auditor's key, whose public part is registered in the policy.
 * @param tell shows the auditor what no machine can judge.
 */
export async function audit(
  inputs: SealedReviewInputs,
  privateKey: Uint8Array,
  tell: (warning: PatchWarning) => void = ({ message }) => console.warn(message),
): Promise<Attestation> {
  const bundle = await decryptBundle(inputs.sealed, inputs.identity);
  const review = await reviewPatch({ ...inputs, bundle });
  review.patch.warnings.forEach(tell);
  const attestation = attest(privateKey, review.statement);
  return attestation;
}
