import type { SolidityProof } from "../proof/prover/index.js";

/** Kinds of proxy, in the order of the contract's enum. */
export const PROXY_KINDS = ["uups", "uups-legacy", "transparent-v5", "transparent-v4", "beacon"] as const;
export type ProxyKind = (typeof PROXY_KINDS)[number];

export const STATEMENT_STATES = [
  "none",
  "scheduled",
  "superseded",
  "expired",
  "vetoed",
  "executed",
  "disclosed",
] as const;
export type StatementState = (typeof STATEMENT_STATES)[number];

export const LANE_STATUS = [
  "open",
  "halted",
  "frozen",
  "no-policy",
  "no-baseline",
  "baseline-stale",
  "baseline-code-changed",
] as const;
export type LaneStatus = (typeof LANE_STATUS)[number];

/** A safety check of a policy, as the contract takes it. */
export interface SafetyCheck {
  readonly target: string;
  /** 0 first word, 1 hash of the return data, 2 code hash of the target. */
  readonly measure: number;
  /** 0 equal, 1 not less, 2 not more than before; 3 equal to `expected`; 4 must revert. */
  readonly comparison: number;
  readonly expected: string;
  readonly data: string;
}

/** What governance demands of fast-track upgrades of one proxy. Durations in seconds. */
export interface LanePolicy {
  readonly kind: ProxyKind;
  /** ProxyAdmin of the transparent kinds, else the zero address. */
  readonly admin: string;
  readonly disclosureDeadline: number;
  readonly threshold: number;
  readonly maxWaivers: number;
  readonly delay: number;
  readonly grace: number;
  readonly auditorRoot: bigint;
  readonly vectorRoot: bigint;
  readonly checks: readonly SafetyCheck[];
}

/** Where the new implementation comes from. */
export type CodeSource =
  | { readonly initCode: Uint8Array; readonly deploySalt: string }
  | { readonly implementation: string };

/** What an execution makes public of the opening of C. */
export interface ExecutionOpening {
  readonly layoutRoot: bigint;
  readonly migration: Uint8Array;
}

/** Execution of one scheduled statement. */
export interface Execution {
  readonly id: string;
  readonly code: CodeSource;
  readonly opening: ExecutionOpening;
  readonly proof: SolidityProof;
}

/** One call of a slow-path operation. */
export interface SlowPathCall {
  readonly target: string;
  readonly data: string;
}
