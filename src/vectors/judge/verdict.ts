import {
  baselinePart,
  incidentPart,
  isIncident,
  outcomeDigest,
  type SetKind,
  setKind,
  type Vector,
  type VectorSet,
} from "../format/index.js";
import type { VectorRun } from "../run/index.js";
import { passes } from "./rules.js";

/** What runs of a vector say. */
export interface VectorVerdict {
  readonly vector: Vector;
  /** Per code: whether the outcome is the expectation. */
  readonly passes: readonly boolean[];
  /**
   * Whether it does what its kind demands: a baseline vector passes on every code; an incident vector passes on the last
   * code, the patch, and fails on the first where there are several.
   */
  readonly holds: boolean;
}

/** What runs of a set say. */
export interface SetVerdict {
  readonly kind: SetKind;
  /** In leaf order. */
  readonly vectors: readonly VectorVerdict[];
  /** How many do not hold. */
  readonly failures: number;
  /**
   * The part of the report that the outcomes make up (docs/encodings.md): of a baseline set one for each code, of an
   * incident set one for the first and the last of several codes.
   */
  readonly digests: readonly bigint[];
}

/**
 * Judges the runs of a set on one or more codes, in the order from the current one to the patch.
 * @param runs for each code the results in leaf order.
 * @throws SealpatchError as `setKind` does.
 */
export function judgeSet(set: VectorSet, runs: readonly (readonly VectorRun[])[]): SetVerdict {
  const kind = setKind(set);
  const vectors = set.vectors.map((vector, index): VectorVerdict => {
    const expectationDigest = outcomeDigest(vector.expectation);
    const passed = runs.map((results) => passes(results[index]!, { expectationDigest }));
    const holds = isIncident(vector)
      ? passed.at(-1) === true && (passed.length === 1 || passed[0] === false)
      : passed.every(Boolean);
    return { vector, passes: passed, holds };
  });
  return {
    kind,
    vectors,
    failures: vectors.filter(({ holds }) => !holds).length,
    digests: kind === "baseline" ? runs.map((results) => baselinePart(results)) : incidentDigests(runs),
  };
}

function incidentDigests(runs: readonly (readonly VectorRun[])[]): bigint[] {
  if (runs.length < 2) return [];
  const patchRuns = runs.at(-1)!;
  return [incidentPart(runs[0]!.map((current, index) => ({ current, patch: patchRuns[index]! })))];
}
