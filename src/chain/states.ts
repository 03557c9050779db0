import { SealpatchError } from "../errors.js";

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

/**
 * The name of a contract's number.
 * @throws SealpatchError `chain/no-contract` where it has none: what there is not must not count as any of them.
 */
export function enumName<Name extends string>(names: readonly Name[], number: unknown): Name {
  const name = names[Number(number)];
  if (name !== undefined) return name;
  throw new SealpatchError("chain/no-contract", "the account does not answer as a FastTrackTimelock does", {
    why: `it answers ${Number(number)} where there are ${names.length} states`,
    remedy: "check the address of the timelock, and that the node is sound and on its chain",
  });
}
