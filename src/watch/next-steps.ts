import type { LaneStatus } from "../chain/index.js";
import type { LaneAction, LaneActor, NextStep, ProxyReport, StatementReport } from "./report.js";

const step = (
  who: LaneActor,
  action: LaneAction,
  from: bigint | null = null,
  until: bigint | null = null,
): NextStep => ({ who, action, from, until });

/** What opens a lane again, by the reason why it is closed. What freezes it, its statement says. */
const OPENING: Readonly<Record<LaneStatus, readonly NextStep[]>> = {
  open: [step("council", "schedule")],
  halted: [step("governance", "resume")],
  frozen: [],
  "no-policy": [step("governance", "set-policy")],
  "no-baseline": [step("governance", "set-baseline")],
  "baseline-stale": [step("governance", "set-baseline")],
  "baseline-code-changed": [step("governance", "set-baseline")],
};

/** What may be done about a proxy's lane. */
export function nextOfProxy(status: ProxyReport["status"]): readonly NextStep[] {
  return status === "halted" ? OPENING.halted : [...OPENING[status], step("guardian", "halt")];
}

/**
 * What may be done about a statement (protocol.md section 9; `FastTrack.sol`).
 * @param now time of the block, seconds since the epoch.
 * @param isOpen whether an executor needs no role.
 */
export function nextOfStatement(
  { state, eta, deadline, blockedBy, isOverdue }: Omit<StatementReport, "next">,
  { now, isOpen }: { readonly now: bigint; readonly isOpen: boolean },
): readonly NextStep[] {
  if (state === "scheduled") {
    const execute = step(isOpen ? "anybody" : "executor", "execute", eta > now ? eta : null, deadline);
    return [...(blockedBy === null ? [execute] : []), step("guardian", "veto", null, deadline)];
  }
  if (state !== "executed") return [];
  // Once governance waived it nothing is due, and whoever knows the opening may publish it.
  if (deadline === null) return [step("anybody", "disclose")];
  if (isOverdue) return [step("anybody", "disclose"), step("governance", "clear-freeze")];
  return [step("council", "disclose", null, deadline)];
}
