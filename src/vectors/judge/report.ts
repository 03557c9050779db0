import { SealpatchError } from "../../errors.js";
import { keccak248 } from "../../field/index.js";
import {
  type DigestedOutcome,
  type Outcome,
  reportDigest,
  type Vector,
  type VectorDigests,
  type VectorSet,
  vectorDigests,
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
import { assertResults, type BaselineDigests, failures, type IncidentDigests, passes } from "./rules.js";

/** What a vector did on one code, and whether that is what it expects. */
export interface JudgedOutcome extends DigestedOutcome {
  readonly outcome: Outcome;
  readonly passes: boolean;
}

/** A baseline vector's result: its outcome on the patch. */
export interface BaselineResult extends BaselineDigests, JudgedOutcome {
  readonly vector: Vector;
  readonly unlisted: readonly UnlistedState[];
}

/** An incident vector's results. Its content is secret until disclosure. */
export interface IncidentResult extends IncidentDigests {
  readonly vector: Vector;
  readonly current: JudgedOutcome;
  readonly patch: JudgedOutcome;
}

/** Results of all vectors (protocol.md section 5), each list in leaf order. */
export interface Report {
  readonly baseline: readonly BaselineResult[];
  readonly incidents: readonly IncidentResult[];
  /** Indices of the baseline vectors that the patch fails, in order. */
  readonly waived: readonly number[];
  readonly maxWaivers: number;
  /** keccak248 of the current implementation's runtime code: its codehash >> 8. */
  readonly currentCode: bigint;
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
    const digests = vectorDigests(vector, baseline.codes);
    return { vector, ...digests, ...judge(run, digests), unlisted: run.unlisted };
  });
  const incidentResults = incidents.vectors.map((vector, index): IncidentResult => {
    const digests = vectorDigests(vector, incidents.codes);
    return {
      vector,
      ...digests,
      current: judge(currentRuns[index]!, digests),
      patch: judge(patchRuns[index]!, digests),
    };
  });
  const results = {
    baseline: baselineResults,
    incidents: incidentResults,
    currentCode: keccak248(currentCode.code),
  };
  return {
    ...results,
    waived: failures(baselineResults),
    maxWaivers,
    reportDigest: reportDigest(results),
  };
}

/**
 * Checks the policy over a report's results, and that each vector is in the set of its kind.
 * @throws SealpatchError `vectors/wrong-kind`, or as `assertResults`.
 */
export function assertReport(report: Report): void {
  assertKinds(report);
  assertResults(report, report, (index) => {
    const { vector, outcome } = report.baseline[index]!;
    const difference = explainDifference(vector.expectation, outcome) ?? "its outcome has another digest";
    return `${vectorLabel(vector, index)} fails on the patch: ${difference}`;
  });
}

function judge(run: VectorRun, digests: VectorDigests): JudgedOutcome {
  const { outcome, outcomeDigest } = run;
  return { outcome, outcomeDigest, passes: passes(run, digests) };
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
