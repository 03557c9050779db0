import { keccak256 } from "ethers";
import { SealpatchError } from "../../errors.js";
import {
  assertCapacity,
  inputDigest,
  type Outcome,
  outcomeDigest,
  reportDigest,
  type Vector,
  type VectorSet,
  vectorLabel,
} from "../format/index.js";
import {
  type CodeUnderTest,
  type RunOptions,
  runSets,
  type UnlistedState,
  type VectorRun,
} from "../run/index.js";
import { explainDifference } from "./difference.js";

/** A baseline vector's result: its outcome on the patch. */
export interface BaselineResult {
  readonly vector: Vector;
  readonly inputDigest: bigint;
  readonly expectationDigest: bigint;
  readonly outcome: Outcome;
  readonly outcomeDigest: bigint;
  readonly passes: boolean;
  readonly unlisted: readonly UnlistedState[];
}

/** An incident vector's results. Its content is secret until disclosure. */
export interface IncidentResult {
  readonly vector: Vector;
  readonly inputDigest: bigint;
  readonly expectationDigest: bigint;
  readonly current: { readonly outcome: Outcome; readonly outcomeDigest: bigint; readonly passes: boolean };
  readonly patch: { readonly outcome: Outcome; readonly outcomeDigest: bigint; readonly passes: boolean };
}

/** Results of all vectors (protocol.md section 5), each list in leaf order. */
export interface Report {
  readonly baseline: readonly BaselineResult[];
  readonly incidents: readonly IncidentResult[];
  /** Indices of the baseline vectors that the patch fails, in order. */
  readonly waived: readonly number[];
  readonly maxWaivers: number;
  /** keccak256 of the current implementation's runtime code. */
  readonly currentCodehash: string;
  readonly reportDigest: bigint;
}

/** What a report is made from. */
export interface ReportInputs extends RunOptions {
  readonly baseline: VectorSet;
  readonly incidents: VectorSet;
  readonly currentCode: CodeUnderTest;
  readonly patchCode: CodeUnderTest;
  /** Baseline vectors that the patch may fail, because a fix may rightly change some behaviour. */
  readonly maxWaivers: number;
}

/**
 * Runs the baseline on the patch, and the incidents on the current code and on the patch. Judges nothing: that is
 * `assertReport`.
 * @throws SealpatchError as `runVectors` does.
 * @example
 * ```ts
 * const { baseline, maxWaivers } = policy;
 * const { incidents } = bundle;
 * const results = await report({ baseline, incidents, currentCode, patchCode, maxWaivers });
 * assertReport(results);
 * ```
 */
export async function report(inputs: ReportInputs): Promise<Report> {
  const { baseline, incidents, currentCode, patchCode, maxWaivers } = inputs;
  const [baselineRuns, currentRuns, patchRuns] = (await runSets(
    [
      { set: baseline, under: patchCode },
      { set: incidents, under: currentCode },
      { set: incidents, under: patchCode },
    ],
    inputs,
  )) as [VectorRun[], VectorRun[], VectorRun[]];

  const baselineResults = baseline.vectors.map((vector, index): BaselineResult => {
    const run = baselineRuns[index]!;
    const digests = digestsOf(vector, baseline);
    return { ...digests, ...judge(run, digests.expectationDigest), unlisted: run.unlisted };
  });
  const incidentResults = incidents.vectors.map((vector, index): IncidentResult => {
    const digests = digestsOf(vector, incidents);
    return {
      ...digests,
      current: judge(currentRuns[index]!, digests.expectationDigest),
      patch: judge(patchRuns[index]!, digests.expectationDigest),
    };
  });
  return {
    baseline: baselineResults,
    incidents: incidentResults,
    waived: baselineResults.flatMap((result, index) => (result.passes ? [] : [index])),
    maxWaivers,
    currentCodehash: keccak256(currentCode.code),
    reportDigest: reportDigest(
      {
        baseline: baselineResults.map((result) => result.outcomeDigest),
        incidents: incidentResults.map(({ current, patch }) => ({
          current: current.outcomeDigest,
          patch: patch.outcomeDigest,
        })),
      },
      currentCode.code,
    ),
  };
}

/**
 * Checks the policy over the results that the attest circuit enforces (protocol.md section 5), and names the first
 * rule that is broken.
 * @throws SealpatchError `vectors/too-many`, `vectors/wrong-kind`, `vectors/no-baseline`, `vectors/baseline-fails`,
 * `vectors/no-incident`, `vectors/incident-is-baseline`, `vectors/incident-survives`, `vectors/incident-fails`.
 */
export function assertReport(report: Report): void {
  const { baseline, incidents, waived, maxWaivers } = report;
  assertCapacity(baseline.length, "baseline");
  assertCapacity(incidents.length, "incident");
  assertKinds(report);

  if (baseline.length === 0) {
    throw new SealpatchError("vectors/no-baseline", "there is no baseline vector", {
      why: "without one, nothing shows that the patch keeps what works",
      remedy: "record baseline vectors and register their root with governance",
    });
  }
  if (waived.length > maxWaivers) {
    const index = waived[0]!;
    const { vector, outcome } = baseline[index]!;
    throw new SealpatchError(
      "vectors/baseline-fails",
      `${vectorLabel(vector, index)} fails on the patch: ${explainDifference(vector.expectation, outcome)}`,
      {
        details: { index, failures: waived.length, maxWaivers },
        why: `${waived.length} baseline vectors fail and the policy waives at most ${maxWaivers}`,
        remedy: "correct the patch; a behaviour that must change needs a waiver in the policy",
      },
    );
  }
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
          remedy: "remove the incident vector, or record what really shows the bug",
        },
      );
    }
    if (incident.current.passes) {
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
    if (!incident.patch.passes) {
      throw new SealpatchError("vectors/incident-fails", `the patch fails incident vector ${index}`, {
        details: { index },
        why: "the patch does not do what the incident vector expects of a fixed contract",
        remedy: "correct the patch, or the expectation of the vector",
      });
    }
  }
}

function digestsOf(vector: Vector, set: VectorSet) {
  return {
    vector,
    inputDigest: inputDigest(vector, set.codes),
    expectationDigest: outcomeDigest(vector.expectation),
  };
}

function judge({ outcome, outcomeDigest }: VectorRun, expectationDigest: bigint) {
  return { outcome, outcomeDigest, passes: outcomeDigest === expectationDigest };
}

function assertKinds({ baseline, incidents }: Report): void {
  const secret = baseline.findIndex(({ vector }) => vector.kind === "incident");
  const open = incidents.findIndex(({ vector }) => vector.kind !== "incident");
  if (secret === -1 && open === -1) return;
  const where = secret === -1 ? `vector ${open} of the incident set` : `vector ${secret} of the baseline set`;
  throw new SealpatchError("vectors/wrong-kind", `${where} has the wrong kind`, {
    why: "a baseline set holds regression and invariant vectors, an incident set incident vectors",
    remedy: "move the vector to the other set, or correct its kind",
  });
}
