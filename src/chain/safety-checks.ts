import { isAddress, isHexString, ZeroHash } from "ethers";
import { SealpatchError } from "../errors.js";

/** What a safety check measures, in the order of the contract's enum `Measure`. */
export const MEASURES = ["first-word", "return-hash", "code-hash"] as const;
export type Measure = (typeof MEASURES)[number];

/** What a safety check demands of its measure, in the order of the contract's enum `Comparison`. */
export const COMPARISONS = [
  "equal-to-before",
  "not-less-than-before",
  "not-more-than-before",
  "equal-to-constant",
  "must-revert",
] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** One condition on an upgrade: the timelock measures a target before it and after it. */
export interface SafetyCheck {
  readonly target: string;
  /** Calldata of the static call; empty (`0x`) with `code-hash`, which calls nothing. */
  readonly data: string;
  /**
   * `first-word`: the first 32 bytes that the call returns. `return-hash`: keccak256 of all that it returns.
   * `code-hash`: EXTCODEHASH of the target, for libraries and other code that the patch leans on.
   */
  readonly measure: Measure;
  /** More or less than before is a question about a `first-word` alone; only a call can revert. */
  readonly comparison: Comparison;
  /** 32 bytes as hex, with `equal-to-constant` and only there. */
  readonly expected?: string;
}

/** As many checks as a policy may hold (`SafetyChecks.MAX_CHECKS`). */
const MAX_SAFETY_CHECKS = 16;

/**
 * Refuses what the contract refuses.
 * @throws SealpatchError `chain/too-many-checks`, `chain/malformed-check` with the check's index.
 */
export function assertSafetyChecks(checks: readonly SafetyCheck[]): void {
  if (checks.length > MAX_SAFETY_CHECKS) {
    throw new SealpatchError("chain/too-many-checks", `${checks.length} safety checks do not fit a policy`, {
      details: { checks: checks.length, maximum: MAX_SAFETY_CHECKS },
      remedy: "leave out those that others cover",
    });
  }
  for (const [index, check] of checks.entries()) {
    const why = faultOf(check);
    if (why === undefined) continue;
    throw new SealpatchError("chain/malformed-check", `safety check ${index} makes no sense`, {
      details: { index },
      why,
      remedy: "correct the check",
    });
  }
}

function faultOf({ target, data, measure, comparison, expected }: SafetyCheck): string | undefined {
  const ordered = comparison === "not-less-than-before" || comparison === "not-more-than-before";
  const rules: [holds: boolean, why: string][] = [
    [isAddress(target) && BigInt(target) !== 0n, "its target is not the address of a contract"],
    [isHexString(data) && data.length % 2 === 0, "its data is not bytes as hex"],
    [MEASURES.includes(measure), "its measure is unknown"],
    [COMPARISONS.includes(comparison), "its comparison is unknown"],
    [!ordered || measure === "first-word", "only a first word is more or less than another"],
    [measure !== "code-hash" || comparison !== "must-revert", "a code hash cannot revert"],
    [measure !== "code-hash" || data === "0x", "a code hash takes no calldata"],
    [
      (comparison === "equal-to-constant") === (expected !== undefined),
      "an expected value belongs to equal-to-constant, and to nothing else",
    ],
    [expected === undefined || isHexString(expected, 32), "its expected value is not 32 bytes as hex"],
  ];
  return rules.find(([holds]) => !holds)?.[1];
}

/** The checks as the contract takes them. @throws SealpatchError as `assertSafetyChecks` does. */
export function encodeSafetyChecks(checks: readonly SafetyCheck[]) {
  assertSafetyChecks(checks);
  return checks.map(({ target, data, measure, comparison, expected }) => ({
    target,
    measure: MEASURES.indexOf(measure),
    comparison: COMPARISONS.indexOf(comparison),
    expected: expected ?? ZeroHash,
    data,
  }));
}

/** The checks as the contract gives them back: the inverse of `encodeSafetyChecks`. */
export function decodeSafetyChecks(
  checks: readonly {
    readonly target: string;
    readonly measure: bigint;
    readonly comparison: bigint;
    readonly expected: string;
    readonly data: string;
  }[],
): SafetyCheck[] {
  return checks.map((check) => {
    const comparison = COMPARISONS[Number(check.comparison)]!;
    return {
      target: check.target,
      data: check.data,
      measure: MEASURES[Number(check.measure)]!,
      comparison,
      ...(comparison === "equal-to-constant" ? { expected: check.expected } : {}),
    };
  });
}
