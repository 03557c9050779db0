import { type AuditorSet, type PlacedAttestation, placeAttestations } from "../audit/index.js";
import { SealpatchError } from "../errors.js";
import { MerkleTree, poseidon, sponge, TAGS } from "../field/index.js";
import type { LayoutWitness } from "../layout/index.js";
import { type PatchOpening, patchCommitment } from "../patch/index.js";
import { column, layoutInput } from "./layout.js";
import { ATTEST_PARAMETERS, type AttestParameters } from "./parameters.js";
import type { CircuitInput } from "./prover/index.js";
import { type AttestStatement, attestSignals } from "./statement.js";

/** Digests of a baseline vector and of its outcome on the patch. */
export interface BaselineResult {
  readonly inputDigest: bigint;
  readonly expectation: bigint;
  readonly outcome: bigint;
}

/** Digests of an incident vector and of its outcome on the current code. Its outcome on the patch is the expectation. */
export interface IncidentResult {
  readonly inputDigest: bigint;
  readonly expectation: bigint;
  readonly currentOutcome: bigint;
}

/** All that the prover of `attest` knows. */
export interface AttestWitness {
  readonly opening: PatchOpening;
  readonly baseline: readonly BaselineResult[];
  readonly incidents: readonly IncidentResult[];
  /** EXTCODEHASH of the implementation that the incidents were run on, >> 8. */
  readonly currentCode: bigint;
  readonly layout: LayoutWitness;
  readonly auditors: AuditorSet;
  readonly attestations: readonly PlacedAttestation[];
}

/**
 * Inputs of the `attest` circuit, after checking every rule that it enforces.
 * @throws SealpatchError that names the first rule the statement breaks: `proof/no-baseline-vector`,
 *   `proof/too-many-vectors`, `proof/vector-fails`, `proof/no-incident-vector`, `proof/incident-not-shown`,
 *   `proof/incident-in-baseline`, `proof/other-vector-set`, `proof/layout-broken`, `proof/other-layout`,
 *   `proof/other-incidents`, `proof/other-commitment`, `proof/other-auditors`, `proof/threshold-out-of-range`, or an
 *   `audit/...` error about an attestation.
 */
export function attestInput(
  statement: AttestStatement,
  witness: AttestWitness,
  parameters: AttestParameters = ATTEST_PARAMETERS,
): CircuitInput {
  attestSignals(statement);
  assertVectors(statement, witness, parameters);
  assertLayout(statement, witness);
  assertSealed(statement, witness);
  assertAttested(statement, witness, parameters);
  return attestInputUnchecked(statement, witness, parameters);
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
    callDigest: opening.callDigest,
    salt: opening.salt,
    currentCode: witness.currentCode,
    baselineUsed: inBaseline(() => 1n),
    baselineInput: inBaseline((vector) => vector.inputDigest),
    baselineExpectation: inBaseline((vector) => vector.expectation),
    baselineOutcome: inBaseline((vector) => vector.outcome),
    incidentUsed: inIncidents(() => 1n),
    incidentInput: inIncidents((vector) => vector.inputDigest),
    incidentExpectation: inIncidents((vector) => vector.expectation),
    incidentCurrentOutcome: inIncidents((vector) => vector.currentOutcome),
    ...layoutInput(layout, parameters),
    signerUsed: inSigners(() => 1n),
    signerIndex: inSigners((attestation) => BigInt(attestation.index)),
    signerSiblings: signerRows((attestation) => auditors.tree.path(attestation.index), noSiblings),
    signerKey: signerRows((attestation) => attestation.publicKey, [0n, 0n]),
    signatureNonce: signerRows((attestation) => attestation.signature.R8, [0n, 0n]),
    signatureScalar: inSigners((attestation) => attestation.signature.S),
  };
}

/** Merkle root over the leaves H_3(tag, inputDigest, expectation) of vectors given by their digests. */
export function rootOfVectors(
  vectors: readonly { inputDigest: bigint; expectation: bigint }[],
  depth: number,
): bigint {
  const leaves = vectors.map((vector) => poseidon([TAGS.vector, vector.inputDigest, vector.expectation]));
  return new MerkleTree(depth, leaves).root;
}

/** reportDigest of results given by their digests (docs/encodings.md). */
export function reportDigestOf(
  witness: Pick<AttestWitness, "baseline" | "incidents" | "currentCode">,
): bigint {
  return poseidon([
    TAGS.report,
    sponge(
      TAGS.reportBaseline,
      witness.baseline.map((vector) => vector.outcome),
    ),
    sponge(
      TAGS.reportIncident,
      witness.incidents.flatMap((vector) => [vector.currentOutcome, vector.expectation]),
    ),
    witness.currentCode,
  ]);
}

function assertVectors(
  statement: AttestStatement,
  witness: AttestWitness,
  parameters: AttestParameters,
): void {
  const { baseline, incidents } = witness;
  if (baseline.length === 0) {
    throw new SealpatchError("proof/no-baseline-vector", "the baseline set is empty", {
      remedy: "register a baseline set with at least one vector",
    });
  }
  if (incidents.length === 0) {
    throw new SealpatchError("proof/no-incident-vector", "there is no incident vector", {
      why: "the proof says that the patch fixes an incident, so it needs one",
      remedy: "add a vector that shows the bug on the current code",
    });
  }
  for (const [kind, count, depth] of [
    ["baseline", baseline.length, parameters.baselineDepth],
    ["incident", incidents.length, parameters.incidentDepth],
  ] as const) {
    if (count <= 2 ** depth) continue;
    throw new SealpatchError(
      "proof/too-many-vectors",
      `${count} ${kind} vectors, the circuit has room for ${2 ** depth}`,
      {
        details: { kind, vectors: count, capacity: 2 ** depth },
        remedy: "leave out vectors that others cover, or build the circuit with a deeper tree",
      },
    );
  }
  const failing = baseline.flatMap((vector, index) => (vector.outcome === vector.expectation ? [] : [index]));
  if (BigInt(failing.length) > statement.maxWaivers) {
    throw new SealpatchError("proof/vector-fails", `baseline vector ${failing[0]} fails on the patch`, {
      details: { vector: failing[0]!, failing: failing.length, maxWaivers: statement.maxWaivers },
      why: `${failing.length} of ${baseline.length} vectors fail, the policy waives at most ${statement.maxWaivers}`,
      remedy: "fix the patch, or let governance register a baseline set that fits the fix",
    });
  }
  for (const [index, vector] of incidents.entries()) {
    if (vector.currentOutcome === vector.expectation) {
      throw new SealpatchError(
        "proof/incident-not-shown",
        `the current code passes incident vector ${index}`,
        {
          details: { vector: index },
          why: "an incident vector must fail on the code that is live",
          remedy: "leave the vector out, or record one that shows the bug",
        },
      );
    }
    if (baseline.some((other) => other.inputDigest === vector.inputDigest)) {
      throw new SealpatchError(
        "proof/incident-in-baseline",
        `incident vector ${index} is also a baseline vector`,
        {
          details: { vector: index },
          remedy: "use an incident vector with another input",
        },
      );
    }
  }
  if (rootOfVectors(baseline, parameters.baselineDepth) !== statement.vectorRoot) {
    throw new SealpatchError("proof/other-vector-set", "the baseline vectors are not the registered ones", {
      remedy: "use the whole vector set of the policy, in its order",
    });
  }
  if (rootOfVectors(incidents, parameters.incidentDepth) !== witness.opening.incidentRoot) {
    throw new SealpatchError("proof/other-incidents", "the incident vectors are not the sealed ones");
  }
}

function assertLayout(statement: AttestStatement, witness: AttestWitness): void {
  const { layout, opening } = witness;
  if (!layout.preserved) {
    throw new SealpatchError("proof/layout-broken", "the patch does not keep the storage layout", {
      remedy: "compare the two layouts (`compareLayouts`): every difference is listed",
    });
  }
  if (layout.oldRoot !== statement.layoutRoot) {
    throw new SealpatchError("proof/other-layout", "the old layout is not the registered one", {
      remedy: "use the layout of the implementation that is live now",
    });
  }
  if (layout.newRoot !== opening.layoutRoot) {
    throw new SealpatchError("proof/other-layout", "the new layout is not the sealed one");
  }
}

function assertSealed(statement: AttestStatement, witness: AttestWitness): void {
  if (patchCommitment(witness.opening) !== statement.commitment) {
    throw new SealpatchError("proof/other-commitment", "the commitment does not open to this patch", {
      remedy: "use the sealed patch that the commitment was made of",
    });
  }
}

function assertAttested(
  statement: AttestStatement,
  witness: AttestWitness,
  parameters: AttestParameters,
): void {
  const { threshold } = statement;
  if (threshold < 1n || threshold > BigInt(parameters.signers)) {
    throw new SealpatchError("proof/threshold-out-of-range", `a threshold of ${threshold} cannot be proven`, {
      details: { threshold, signers: parameters.signers },
    });
  }
  if (witness.auditors.root !== statement.auditorRoot) {
    throw new SealpatchError("proof/other-auditors", "the auditor set is not the registered one");
  }
  placeAttestations({
    attestations: witness.attestations,
    statement: { ...statement, reportDigest: reportDigestOf(witness) },
    auditors: witness.auditors,
    threshold: Number(threshold),
    capacity: parameters.signers,
  });
}
