import { SealpatchError } from "../errors.js";
import { disclosureHash, disclosureText, statementId, type Target } from "../patch/index.js";
import { disclosureOf, type ProvenPatch, toSolidityProof } from "../proof/index.js";
import type { DisclosureParts, ExecutionParts, SchedulingParts } from "./parts.js";

/** The parts of a proven patch that its scheduling takes. @throws SealpatchError `patch/unknown-target`. */
export function schedulingParts({ review, attest }: ProvenPatch, target: Target): SchedulingParts {
  const { commitment } = attest.statement;
  return { commitment, target, path: review.targets.path(target), proof: toSolidityProof(attest.proof) };
}

/** The parts of a proven patch that its execution takes. @throws SealpatchError `chain/other-statement`. */
export function executionParts(proven: ProvenPatch, id: string): ExecutionParts {
  const { review, bind } = proven;
  assertStatement(proven, bind.statement.commitment, id);
  const { initCode, bundle, opening } = review.patch;
  return {
    id,
    code: { initCode, deploySalt: bundle.deploySalt },
    opening: { layoutRoot: opening.layoutRoot, migration: bundle.migration },
    proof: toSolidityProof(bind.proof),
  };
}

/** The parts of a proven patch that its disclosure takes, and the file's text. @throws SealpatchError `chain/other-statement`. */
export function disclosureParts(
  proven: ProvenPatch,
  { id, uri }: { readonly id: string; readonly uri: string },
): DisclosureParts & { readonly text: string } {
  const { commitment, opening } = proven.review.patch;
  assertStatement(proven, commitment, id);
  const text = disclosureText(disclosureOf(proven));
  return { id, opening, bundleHash: disclosureHash(text), uri, text };
}

/** Nobody shows a patch for a statement that is not its own. */
function assertStatement({ review }: ProvenPatch, commitment: bigint, id: string): void {
  if (review.targets.leaves.some((leaf) => statementId(commitment, leaf) === id)) return;
  throw new SealpatchError("chain/other-statement", "the statement is not of this patch", {
    details: { id },
    remedy: "give the id that scheduling this patch returned",
  });
}
