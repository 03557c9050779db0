// A council member's proofs, from the sealed bundle and the auditors' attestations. Nothing here talks to a chain.
import {
  type Attestation,
  type AttestStatement,
  type BindStatement,
  type CodeUnderTest,
  decryptBundle,
  type PatchPolicy,
  type Proven,
  proveAttest,
  proveBind,
  type ReviewedPatch,
  reviewPatch,
  type Target,
  verifyAttest,
  verifyBind,
} from "../src/index.js";

/** The sealed bundle, the member's age identity, and what is known of the chain. */
export interface CouncilInputs {
  readonly sealed: Uint8Array;
  readonly identity: string;
  readonly policy: PatchPolicy;
  readonly currentCode: CodeUnderTest;
  readonly targets: readonly Target[];
}

/** What needs no auditor: the council's own review, and the proof that binds the code. */
export interface PreparedPatch {
  readonly review: ReviewedPatch;
  readonly bind: Proven<BindStatement>;
}

/** Both proofs, and the review that they rest on. */
export interface ProvenPatch extends PreparedPatch {
  readonly attest: Proven<AttestStatement>;
}

/** While the auditors work. */
export async function prepare(inputs: CouncilInputs): Promise<PreparedPatch> {
  // Open the bundle and redo everything that it claims: compile, compare layouts, run all vectors.
  const bundle = await decryptBundle(inputs.sealed, inputs.identity);
  const review = await reviewPatch({ bundle, ...inputs });
  // Prove that whatever is deployed under the commitment is this code.
  const bind = await proveBind(review);
  if (!(await verifyBind(bind))) throw new Error("the proof of bind does not verify");
  return { review, bind };
}

/** When the attestations have come in. A statement that is false is refused, with the rule that it breaks. */
export async function prove(
  prepared: PreparedPatch,
  attestations: readonly Attestation[],
): Promise<ProvenPatch> {
  const attest = await proveAttest(prepared.review, attestations);
  if (!(await verifyAttest(attest))) throw new Error("the proof of attest does not verify");
  return { ...prepared, attest };
}
