import type { LaneStatus, StatementState } from "../chain/index.js";

// What `readLane` finds. Times are seconds since the epoch, by the chain's clock.

/** Who may do something in a lane; governance does it by the slow path. */
export type LaneActor = "anybody" | "council" | "executor" | "governance" | "guardian";

/** What somebody may do. */
export type LaneAction =
  | "clear-freeze"
  | "disclose"
  | "execute"
  | "halt"
  | "resume"
  | "schedule"
  | "set-baseline"
  | "set-policy"
  | "veto";

/** Something that somebody may do next. */
export interface NextStep {
  readonly who: LaneActor;
  readonly action: LaneAction;
  /** From which time on, both included; null where it may be done now. */
  readonly from: bigint | null;
  /** Until which time; null where it does not end by itself. */
  readonly until: bigint | null;
}

/** A block of the chain. */
export interface ChainBlock {
  readonly number: number;
  readonly hash: string;
  readonly timestamp: bigint;
}

/** The fast lane of one proxy. */
export interface ProxyReport {
  readonly proxy: string;
  /** Whether it is open, and the first reason why not. */
  readonly status: LaneStatus;
  /** By the registered baseline, zero where there is none. */
  readonly implementation: string;
  readonly nonce: bigint;
  readonly next: readonly NextStep[];
}

/** One statement. */
export interface StatementReport {
  /** C, by which the timelock's functions name it. */
  readonly commitment: bigint;
  /** By which events name it: 32 bytes as hex. */
  readonly id: string;
  readonly proxy: string;
  /** As the contract says. */
  readonly state: StatementState;
  /** When it may be executed first, and when it can no more be. */
  readonly eta: bigint;
  readonly windowEnd: bigint;
  /** When its present state ends: the window while scheduled, the time to disclose once executed; null where it does not end by itself. */
  readonly deadline: bigint | null;
  readonly group: GroupReport | null;
  /** Whether its disclosure is due and its time has passed: this freezes the lane of every proxy. */
  readonly isOverdue: boolean;
  /** Why it cannot be executed although it is scheduled; null where nothing is in its way but time. */
  readonly blockedBy: LaneStatus | "group-ended" | "group-incomplete" | null;
  /** Who vetoed it and why, in that account's words; null where nobody did. */
  readonly veto: Spoken | null;
  readonly next: readonly NextStep[];
}

/** The group that a statement executes with. */
export interface GroupReport {
  /** Its hash, 32 bytes as hex. */
  readonly hash: string;
  /** Members that are scheduled or were, in the group's order where all are. */
  readonly members: readonly bigint[];
  /** Whether these are all. */
  readonly isWhole: boolean;
}

/** What a guardian did, with the reason that it gave. Text of somebody else: show it by `quoted` or `printable` alone. */
export interface Spoken {
  readonly guardian: string;
  readonly reason: string;
}

/** Roles of which a report tells the holders. */
export const REPORTED_ROLES = ["proposer", "executor", "council", "guardian"] as const;
export type ReportedRole = (typeof REPORTED_ROLES)[number];

/** All of a timelock's fast lane at the end of one block. */
export interface LaneReport {
  readonly chainId: bigint;
  readonly timelock: string;
  readonly block: ChainBlock;
  /** The halt that lasts, null where there is none. */
  readonly halt: Spoken | null;
  readonly verifier: string;
  /** Of the verifier's keys, 32 bytes as hex. */
  readonly setupHash: string;
  /** When the next disclosure is due, null where none is. */
  readonly nextDisclosure: bigint | null;
  /** Those that ever had a policy, and those that were asked for. */
  readonly proxies: readonly ProxyReport[];
  /** The newest first. */
  readonly statements: readonly StatementReport[];
  /** Accounts by role; the zero address as executor means everybody. */
  readonly roles: Readonly<Record<ReportedRole, readonly string[]>>;
}
