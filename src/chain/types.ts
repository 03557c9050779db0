import type { decodeSafetyChecks, SafetyCheck } from "./safety-checks.js";
import type { Mined } from "./send.js";

/** Kinds of proxy, in the order of the contract's enum. */
export const PROXY_KINDS = ["uups", "uups-legacy", "transparent-v5", "transparent-v4", "beacon"] as const;
export type ProxyKind = (typeof PROXY_KINDS)[number];

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

/** The same as the contract gives it back. */
export type PolicyView = Readonly<
  Record<
    | "kind"
    | "disclosureDeadline"
    | "threshold"
    | "maxWaivers"
    | "delay"
    | "grace"
    | "auditorRoot"
    | "vectorRoot",
    bigint
  >
> & { readonly admin: string; readonly checks: Parameters<typeof decodeSafetyChecks>[0] };

/** A scheduled statement. */
export interface Scheduled {
  /** Names commitment and target in the event; the timelock's functions take the commitment. */
  readonly id: string;
  readonly mined: Mined;
}

/** A disclosed statement: the file that everybody may have now, and the transaction that commits to it. */
export interface Disclosed {
  readonly text: string;
  readonly mined: Mined;
}

/** What governance registered as the implementation of a proxy. */
export interface Baseline {
  readonly implementation: string;
  readonly codehash: string;
  readonly layoutRoot: bigint;
  /** `codeDigest` of its deployed code. */
  readonly currentCode: bigint;
}

/** A call that is not sent here. */
export interface ContractCall {
  readonly target: string;
  readonly data: string;
}

/** One call of a slow-path operation. */
export type SlowPathCall = ContractCall;

/** An operation of the slow path. */
export interface SlowPathOperation {
  readonly calls: readonly SlowPathCall[];
  /** 32 bytes as hex: tells equal operations apart. */
  readonly salt: string;
}

/** An operation of the slow path as transactions. */
export interface SlowPathTransactions {
  /** Names the operation in the timelock: 32 bytes as hex. */
  readonly id: string;
  /** By a proposer. */
  readonly schedule: SlowPathCall;
  /** By an executor, once the delay has passed. */
  readonly execute: SlowPathCall;
}
