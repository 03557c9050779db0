import { disclosureHash, disclosureText, shownOpening, type Target } from "../patch/index.js";
import { disclosureOf, type ProvenPatch, toSolidityProof } from "../proof/index.js";
import type { DisclosureParts, ExecutionParts, SchedulingParts } from "./parts.js";

/** The parts of a proven patch that its scheduling takes. @throws SealpatchError `patch/unknown-target`. */
export function schedulingParts({ review, attest }: ProvenPatch, target: Target): SchedulingParts {
  const { commitment } = attest.statement;
  return { commitment, target, path: review.targets.path(target), proof: toSolidityProof(attest.proof) };
}

/** The parts of a proven patch that its execution takes. */
export function executionParts({ review, bind }: ProvenPatch): ExecutionParts {
  const { initCode, bundle, opening } = review.patch;
  const { layoutRoot, codeDigest } = opening;
  const { migration, migrationGas, deploySalt } = bundle;
  return {
    commitment: bind.statement.commitment,
    code: { initCode, deploySalt },
    opening: { layoutRoot, codeDigest, migrationGas, migration },
    proof: toSolidityProof(bind.proof),
  };
}

/** The parts of a proven patch that its disclosure takes, and the file's text. */
export function disclosureParts(
  proven: ProvenPatch,
  uri: string,
): DisclosureParts & { readonly text: string } {
  const { commitment, opening } = proven.review.patch;
  const text = disclosureText(disclosureOf(proven));
  return { commitment, opening: shownOpening(opening), bundleHash: disclosureHash(text), uri, text };
}
