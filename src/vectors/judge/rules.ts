import { SealpatchError } from "../../errors.js";
import { assertCapacity, type DigestedOutcome, type VectorDigests } from "../format/index.js";

/** A baseline vector with its outcome on the patch, by their digests. */
export interface BaselineDigests extends VectorDigests, DigestedOutcome {}

/** An incident vector with its outcomes on the current code and on the patch, by their digests. */
export interface IncidentDigests extends VectorDigests {
  readonly current: DigestedOutcome;
  readonly patch: DigestedOutcome;
}

/** Whether an outcome is the expected one. */
export function passes(
  { outcomeDigest }: DigestedOutcome,
  { expectationDigest }: Pick<VectorDigests, "expectationDigest">,
): boolean {
  return outcomeDigest === expectationDigest;
}

/** Indices of the baseline vectors that the patch fails, in order. */
export function failures(baseline: readonly BaselineDigests[]): number[] {
  return baseline.flatMap((result, index) => (passes(result, result) ? [] : [index]));
}

/**
 * Checks the rules over results that the attest circuit enforces (protocol.md section 5), on the very digests that the
 * circuit gets, and names the first one that is broken.
 * @param policy.maxWaivers baseline vectors that the patch may fail.
 * @param policy.depths of the trees; those of the released circuit unless given.
 * @param explainFailure says in words that the patch fails a baseline vector, and how.
 * @throws SealpatchError `vectors/too-many`, `vectors/no-baseline`, `vectors/baseline-fails`, `vectors/no-incident`,
 * `vectors/incident-is-baseline`, `vectors/incident-survives`, `vectors/incident-fails`.
 */
export function assertResults(
  results: {
    readonly baseline: readonly BaselineDigests[];
    readonly incidents: readonly IncidentDigests[];
  },
  policy: {
    readonly maxWaivers: number | bigint;
    readonly depths?: { readonly baseline: number; readonly incident: number };
  },
  explainFailure = (index: number): string => `baseline vector ${index} fails on the patch`,
): void {
  const { baseline, incidents } = results;
  assertCapacity(baseline.length, "baseline", policy.depths?.baseline);
  assertCapacity(incidents.length, "incident", policy.depths?.incident);
  assertBaseline(baseline, policy.maxWaivers, explainFailure);
  assertIncidents(incidents, baseline);
}

function assertBaseline(
  baseline: readonly BaselineDigests[],
  maxWaivers: number | bigint,
  explainFailure: (index: number) => string,
): void {
  if (baseline.length === 0) {
    throw new SealpatchError("vectors/no-baseline", "there is no baseline vector", {
      why: "without one, nothing shows that the patch keeps what works",
      remedy: "record baseline vectors and register their root with governance",
    });
  }
  const failing = failures(baseline);
  // What is no whole number waives nothing.
  const waivers = typeof maxWaivers === "bigint" || Number.isInteger(maxWaivers) ? maxWaivers : 0;
  if (failing.length > waivers) {
    const index = failing[0]!;
    throw new SealpatchError("vectors/baseline-fails", explainFailure(index), {
      details: { index, failures: failing.length, maxWaivers },
      why: `${failing.length} baseline vectors fail and the policy waives at most ${maxWaivers}`,
      remedy: "correct the patch; a behaviour that must change needs a waiver in the policy",
    });
  }
}

function assertIncidents(incidents: readonly IncidentDigests[], baseline: readonly BaselineDigests[]): void {
  if (incidents.length === 0) {
    throw new SealpatchError("vectors/no-incident", "there is no incident vector", {
      why: "without one, nothing shows that there is a bug and that the patch fixes it",
      remedy: "record the incident as a sequence of calls, with the outcome that a fixed contract must have",
    });
  }
  const baselineInputs = new Map(baseline.map((result, index) => [result.inputDigest, index]));
  for (const [index, incident] of incidents.entries()) {
    const same = baselineInputs.get(incident.inputDigest);
    if (same !== undefined) {
      throw new SealpatchError(
        "vectors/incident-is-baseline",
        `incident vector ${index} repeats baseline vector ${same}`,
        {
          details: { incident: index, baseline: same },
          why: "one input cannot be required to pass and to fail on the current code",
          remedy: "remove the incident vector, or record one that shows the bug",
        },
      );
    }
    if (passes(incident.current, incident)) {
      throw new SealpatchError(
        "vectors/incident-survives",
        `the current code passes incident vector ${index}`,
        {
          details: { index },
          why: "an incident vector must fail on the current code: it is what shows the bug",
          remedy: "set its expectation to what a fixed contract does, and check that it reaches the bug",
        },
      );
    }
    if (!passes(incident.patch, incident)) {
      throw new SealpatchError("vectors/incident-fails", `the patch fails incident vector ${index}`, {
        details: { index },
        why: "the patch does not do what the incident vector expects of a fixed contract",
        remedy: "correct the patch, or the expectation of the vector",
      });
    }
  }
}
