import {
  type Attestation,
  type AuditorSet,
  type PlacedAttestation,
  placeAttestations,
} from "../audit/index.js";
import { SealpatchError } from "../errors.js";
import { assertLayoutPreserved, type LayoutWitness } from "../layout/index.js";
import { assertRegisteredLayout, callDigest, type PatchOpening } from "../patch/index.js";
import {
  assertResults,
  type BaselineDigests,
  type IncidentDigests,
  reportDigest,
  rootOfVectors,
} from "../vectors/index.js";
import { column, layoutInput } from "./layout.js";
import { ATTEST_PARAMETERS, type AttestParameters } from "./parameters.js";
import type { CircuitInput } from "./prover/index.js";
import { type AttestStatement, assertOpens, attestSignals } from "./statement.js";

/** All that the prover of `attest` knows. */
export interface AttestWitness {
  readonly opening: PatchOpening;
  readonly baseline: readonly BaselineDigests[];
  readonly incidents: readonly IncidentDigests[];
  /** EXTCODEHASH of the implementation that the incidents were run on, >> 8. */
  readonly currentCode: bigint;
  readonly layout: LayoutWitness;
  readonly auditors: AuditorSet;
  readonly attestations: readonly PlacedAttestation[];
}

/** What is to be proven, with the attestations as the auditors sent them. */
export interface AttestClaim extends Omit<AttestWitness, "attestations"> {
  readonly attestations: readonly Attestation[];
}

/**
 * Inputs of the `attest` circuit, after checking every rule that it enforces.
 * @throws SealpatchError that names the first rule the statement breaks: a `vectors/...` rule
 *   over results, `proof/other-vector-set`, `proof/other-incidents`, `layout/not-preserved`, `patch/other-layout`, `proof/other-layout`,
 *   `proof/other-commitment`, `proof/other-auditors`, or an `audit/...` error about the threshold or an
 *   attestation.
 */
export function attestInput(
  statement: AttestStatement,
  claim: AttestClaim,
  parameters: AttestParameters = ATTEST_PARAMETERS,
): CircuitInput {
  attestSignals(statement);
  assertVectors(statement, claim, parameters);
  assertLayout(statement, claim);
  assertOpens(statement.commitment, claim.opening);
  const attestations = place(statement, claim, parameters);
  return attestInputUnchecked(statement, { ...claim, attestations }, parameters);
}

/** The same mapping without any check: whatever it is given, the circuit has the last word. For soundness tests. */
export function attestInputUnchecked(
  statement: AttestStatement,
  witness: AttestWitness,
  parameters: AttestParameters = ATTEST_PARAMETERS,
): CircuitInput {
  const { opening, baseline, incidents, layout, auditors, attestations } = witness;
  const inBaseline = column(baseline, 2 ** parameters.baselineDepth);
  const inIncidents = column(incidents, 2 ** parameters.incidentDepth);
  const inSigners = column(attestations, parameters.signers);
  const noSiblings = Array<bigint>(parameters.auditorDepth).fill(0n);
  const signerRows = (
    values: (attestation: PlacedAttestation) => readonly bigint[],
    empty: readonly bigint[],
  ) => [
    ...attestations.map(values),
    ...Array.from({ length: parameters.signers - attestations.length }, () => empty),
  ];
  return {
    ...statement,
    codeDigest: opening.codeDigest,
    callDigest: callDigest(opening),
    salt: opening.salt,
    currentCode: witness.currentCode,
    baselineUsed: inBaseline(() => 1n),
    baselineInput: inBaseline((vector) => vector.inputDigest),
    baselineExpectation: inBaseline((vector) => vector.expectationDigest),
    baselineRuns: inBaseline((vector) => vector.runsDigest),
    baselineOutcome: inBaseline((vector) => vector.outcomeDigest),
    incidentUsed: inIncidents(() => 1n),
    incidentInput: inIncidents((vector) => vector.inputDigest),
    // Its outcome on the patch, too.
    incidentExpectation: inIncidents((vector) => vector.expectationDigest),
    incidentRuns: inIncidents((vector) => vector.runsDigest),
    incidentCurrentOutcome: inIncidents((vector) => vector.current.outcomeDigest),
    ...layoutInput(layout, parameters),
    signerUsed: inSigners(() => 1n),
    signerIndex: inSigners((attestation) => BigInt(attestation.index)),
    signerSiblings: signerRows((attestation) => auditors.tree.path(attestation.index), noSiblings),
    signerKey: signerRows((attestation) => attestation.publicKey, [0n, 0n]),
    signatureNonce: signerRows((attestation) => attestation.signature.R8, [0n, 0n]),
    signatureScalar: inSigners((attestation) => attestation.signature.S),
  };
}

function assertVectors(
  statement: AttestStatement,
  witness: AttestClaim,
  { baselineDepth, incidentDepth }: AttestParameters,
): void {
  const { baseline, incidents } = witness;
  assertResults(witness, {
    maxWaivers: statement.maxWaivers,
    depths: { baseline: baselineDepth, incident: incidentDepth },
  });
  if (rootOfVectors("baseline", baseline, baselineDepth) !== statement.vectorRoot) {
    throw new SealpatchError("proof/other-vector-set", "the baseline vectors are not the registered ones", {
      remedy: "use the whole vector set of the policy, in its order",
    });
  }
  if (rootOfVectors("incident", incidents, incidentDepth) !== witness.opening.incidentRoot) {
    throw new SealpatchError("proof/other-incidents", "the incident vectors are not the sealed ones", {
      remedy: "use the incident vectors of the bundle, in their order",
    });
  }
}

function assertLayout(statement: AttestStatement, witness: AttestClaim): void {
  const { layout, opening } = witness;
  assertLayoutPreserved(layout);
  assertRegisteredLayout(layout.oldRoot, statement.layoutRoot);
  if (layout.newRoot !== opening.layoutRoot) {
    throw new SealpatchError("proof/other-layout", "the new layout is not the sealed one", {
      remedy: "use the sealed patch that the commitment was made of",
    });
  }
}

function place(
  statement: AttestStatement,
  witness: AttestClaim,
  { signers }: AttestParameters,
): PlacedAttestation[] {
  const { auditors, attestations } = witness;
  if (auditors.root !== statement.auditorRoot) {
    throw new SealpatchError("proof/other-auditors", "the auditor set is not the registered one", {
      remedy: "use the auditors of the policy, in the order of registration",
    });
  }
  return placeAttestations({
    attestations,
    statement: { ...statement, reportDigest: reportDigest(witness) },
    auditors,
    threshold: statement.threshold,
    capacity: signers,
  });
}
