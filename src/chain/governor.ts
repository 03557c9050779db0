import { Interface } from "ethers";
import type { SlowPathCall } from "./types.js";

const GOVERNOR = new Interface([
  "function propose(address[] targets, uint256[] values, bytes[] calldatas, string description) returns (uint256)",
]);

/** A proposal to a Governor whose timelock is the one that the calls go to. */
export interface Proposal {
  readonly targets: readonly string[];
  readonly values: readonly string[];
  readonly calldatas: readonly string[];
  readonly description: string;
  /** Calldata of `propose` with all of these. */
  readonly propose: string;
}

/**
 * Calls of the slow path as a proposal to OpenZeppelin's Governor: it schedules them on its timelock itself, under a salt of its own.
 * @param description with which, by its hash, the proposal is named.
 * @example
 * ```ts
 * const { propose } = proposalOf([timelock.resumeCall()], "Resume the fast lane");
 * console.log(`send ${propose} to the Governor`);
 * ```
 */
export function proposalOf(calls: readonly SlowPathCall[], description: string): Proposal {
  const parts = {
    targets: calls.map(({ target }) => target),
    values: calls.map(() => "0"),
    calldatas: calls.map(({ data }) => data),
    description,
  };
  return { ...parts, propose: GOVERNOR.encodeFunctionData("propose", Object.values(parts)) };
}
