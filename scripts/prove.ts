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

/** What a council member holds when the attestations have come in. */
export interface CouncilInputs {
  /** The sealed bundle and the council member's age identity. */
  readonly sealed: Uint8Array;
  readonly identity: string;
  /** What governance registered, the code that is live, and where the patch is to go. */
  readonly policy: PatchPolicy;
  readonly currentCode: CodeUnderTest;
  readonly targets: readonly Target[];
  readonly attestations: readonly Attestation[];
}

/** Both proofs, and the review that they rest on. */
export interface ProvenPatch {
  readonly review: ReviewedPatch;
  readonly attest: Proven<AttestStatement>;
  readonly bind: Proven<BindStatement>;
}

export async function prove(inputs: CouncilInputs): Promise<ProvenPatch> {
  // 1. Open the bundle and redo everything that it claims: compile, compare layouts, run all vectors.
  const bundle = await decryptBundle(inputs.sealed, inputs.identity);
  const review = await reviewPatch({ bundle, ...inputs });

  // 2. Prove. A statement that is false is refused here, with the rule that it breaks.
  const attest = await proveAttest(review, inputs.attestations);
  const bind = await proveBind(review);

  // 3. Verify as the contract will.
  if (!(await verifyAttest(attest)) || !(await verifyBind(bind))) throw new Error("a proof does not verify");
  return { review, attest, bind };
}
