/** States of a statement, in the order of the contract's enum. */
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

/** Whether the fast lane of a proxy is open, and why not, in the order of the contract's enum. */
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
