import { setImmediate } from "node:timers/promises";
import {
  assertNotEmpty,
  inputDigest,
  isIncident,
  outcomeDigest,
  type Vector,
  type VectorSet,
  vectorLabel,
} from "../format/index.js";
import {
  type CodeUnderTest,
  normalizeCode,
  type RunProgress,
  runVector,
  type StepObserver,
  type VectorRun,
} from "../run/index.js";

/** What can be wrong with a vector that is well formed. */
export type LintRule =
  | "mixed-kinds"
  | "duplicate"
  | "not-deterministic"
  | "gas-dependent"
  | "unlisted-state"
  | "unreached"
  | "baseline-fails"
  | "incident-survives"
  | "incident-fails";

/** A vector that does not do its job. */
export interface LintFinding {
  readonly rule: LintRule;
  /** Index of the vector in its set. */
  readonly index: number;
  /** What is wrong, in words; of an incident vector it tells nothing but its index. */
  readonly message: string;
}

/** Codes to run the set on; without them only what the file alone shows is checked. */
export interface LintCodes {
  readonly current?: CodeUnderTest | undefined;
  readonly patch?: CodeUnderTest | undefined;
}

/**
 * Finds vectors that do not do their job: the same input twice, both kinds in one set, results that differ between two
 * runs or depend on gas or on state that the vector does not list, calls that never reach the code under test, baseline vectors
 * that the current code fails, and incident vectors that the current code passes or the patch fails. A baseline vector
 * that the patch fails is not a finding: that takes a waiver.
 * @throws SealpatchError `vectors/empty`, and as `runVector` does.
 */
export async function lintVectors(
  set: VectorSet,
  { current, patch }: LintCodes = {},
  onProgress?: RunProgress,
): Promise<LintFinding[]> {
  assertNotEmpty(set);
  const findings = [...mixedKinds(set), ...duplicates(set)];
  const codes = [
    ...(current === undefined ? [] : [{ under: normalizeCode(current), role: "current" as const }]),
    ...(patch === undefined ? [] : [{ under: normalizeCode(patch), role: "patch" as const }]),
  ];
  let done = 0;
  for (const { under, role } of codes) {
    for (const [index, vector] of set.vectors.entries()) {
      const rules = await lintRun(vector, set.codes, under, index, role);
      findings.push(...rules.map(([rule, what]) => findingOf(rule, vector, index, what)));
      onProgress?.({ done: ++done, total: codes.length * set.vectors.length });
      await setImmediate();
    }
  }
  // What is wrong on both codes is told once.
  const seen = new Set<string>();
  return findings
    .filter(({ rule, index }) => seen.size !== seen.add(`${rule} ${index}`).size)
    .sort((a, b) => a.index - b.index);
}

const ON = { current: "on the current code", patch: "on the patch" } as const;

async function lintRun(
  vector: Vector,
  codes: VectorSet["codes"],
  under: CodeUnderTest,
  index: number,
  role: keyof typeof ON,
): Promise<[LintRule, string][]> {
  let reached = false;
  const onStep: StepObserver = ({ codeAddress }) => {
    reached ||= codeAddress === under.address;
  };
  const run = await runVector(vector, codes, under, index, { onStep });
  const again = await runVector(vector, codes, under, index);
  const passes = run.outcomeDigest === outcomeDigest(vector.expectation);
  const findings: [LintRule, string][] = [];
  if (run.outcomeDigest !== again.outcomeDigest) {
    findings.push(["not-deterministic", `gives two results in two runs ${ON[role]}`]);
  } else if (
    (await runVector(vector, codes, under, index, { halfGas: true })).outcomeDigest !== run.outcomeDigest
  ) {
    // Gas is no part of a vector: a fix may cost more, and then the result would be another one without a fault.
    findings.push(["gas-dependent", `gives another result with half of its gas ${ON[role]}`]);
  }
  if (run.unlisted.length > 0)
    findings.push(["unlisted-state", `${describeUnlisted(run, vector)} ${ON[role]}`]);
  if (!reached) findings.push(["unreached", `never reaches the code under test ${ON[role]}`]);
  if (isIncident(vector)) {
    if (role === "current" && passes) {
      findings.push(["incident-survives", "passes on the current code, so it shows no bug"]);
    }
    if (role === "patch" && !passes) findings.push(["incident-fails", "fails on the patch"]);
  } else if (role === "current" && !passes) {
    findings.push(["baseline-fails", "fails on the current code"]);
  }
  return findings;
}

function describeUnlisted({ unlisted }: VectorRun, vector: Vector): string {
  if (isIncident(vector)) return "reads state that it does not list";
  const [{ address, slot }] = unlisted as [VectorRun["unlisted"][number]];
  const place = slot === null ? `account ${address}` : `slot 0x${slot.toString(16)} of ${address}`;
  const others = unlisted.length === 1 ? "" : ` and ${unlisted.length - 1} more`;
  return `reads ${place}${others}, not listed,`;
}

function mixedKinds({ vectors }: VectorSet): LintFinding[] {
  const incidents = vectors.filter(isIncident).length;
  if (incidents === 0 || incidents === vectors.length) return [];
  const index = vectors.findIndex(isIncident);
  return [findingOf("mixed-kinds", vectors[index]!, index, "stands in one set with baseline vectors")];
}

function duplicates(set: VectorSet): LintFinding[] {
  const first = new Map<bigint, number>();
  return set.vectors.flatMap((vector, index) => {
    const digest = inputDigest(vector, set.codes);
    const same = first.get(digest);
    if (same === undefined) {
      first.set(digest, index);
      return [];
    }
    const expected = [vector, set.vectors[same]!].map(({ expectation }) => outcomeDigest(expectation));
    const contradicts = expected[0] === expected[1] ? "" : " and expects something else";
    return [findingOf("duplicate", vector, index, `has the input of vector ${same}${contradicts}`)];
  });
}

function findingOf(rule: LintRule, vector: Vector, index: number, what: string): LintFinding {
  return { rule, index, message: `${vectorLabel(vector, index)} ${what}` };
}
