// A council member's proof: from the sealed bundle and the auditors' attestations to both proofs. Nothing here talks to
// a chain but to read the code that is live now.
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

/** What a council member holds when the bundle has been sealed. */
export interface CouncilInputs {
  /** The sealed bundle and the council member's age identity. */
  readonly sealed: Uint8Array;
  readonly identity: string;
  /** What governance registered, the code that is live, and where the patch is to go. */
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
  // 1. Open the bundle and redo everything that it claims: compile, compare layouts, run all vectors.
  const bundle = await decryptBundle(inputs.sealed, inputs.identity);
  const review = await reviewPatch({ bundle, ...inputs });

  // 2. Prove that whatever is deployed under the commitment is this code.
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
  // As the contract will.
  if (!(await verifyAttest(attest))) throw new Error("the proof of attest does not verify");
  return { ...prepared, attest };
}
