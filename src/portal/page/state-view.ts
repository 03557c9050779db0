import type { StatementReport } from "../../watch/index.js";
import type { PageState, PageStatement, PageTurn, TurnName } from "../model.js";
import { chainTime } from "./shown.js";
import { type SentenceName, say } from "./text.js";
import { duration, moment } from "./times.js";
import { h, type Sentence, type Shown, value } from "./tree.js";

/** The state of a statement in one or two words. */
export function stateWord({ report }: PageStatement, time: bigint): Sentence {
  const words = {
    none: "stateNoneWord",
    scheduled: time >= report.eta && time <= report.windowEnd ? "stateOpenWord" : "stateScheduledWord",
    superseded: "stateSupersededWord",
    expired: "stateExpiredWord",
    vetoed: "stateVetoedWord",
    executed: report.isOverdue ? "stateOverdueWord" : "stateExecutedWord",
    disclosed: "stateDisclosedWord",
  } as const satisfies Record<string, SentenceName>;
  return say(words[report.state]);
}

/** What a statement's state means, with its times, and what stands in its way. */
export function stateView(statement: PageStatement, state: PageState, now: number): Shown[] {
  const { report } = statement;
  const time = chainTime(state, now);
  const { group, blockedBy, veto } = report;
  return [
    h("p", {}, stateSentences(statement, time)),
    ...(veto === null || report.state !== "vetoed" ? [] : [h("pre", {}, [value(veto.reason)])]),
    ...(report.state === "scheduled" ? [countdown(statement, time)] : []),
    ...(blockedBy === null
      ? []
      : [h("p", {}, [say(BLOCKED[blockedBy as keyof typeof BLOCKED] ?? "blockedLane")])]),
    ...(blockedBy === null && isOther(statement) ? [h("p", { class: "bad" }, [say("otherCode")])] : []),
    ...(group === null ? [] : [h("p", {}, [say("inGroup", { members: String(group.members.length) })])]),
  ];
}

const BLOCKED = { "group-ended": "endedGroup", "group-incomplete": "blockedGroup" } as const;

const TURNS: Readonly<Record<TurnName, SentenceName>> = {
  StatementExecuted: "timelineExecutedOther",
  PolicySet: "timelinePolicySet",
  PolicyRemoved: "timelinePolicyRemoved",
  BaselineSet: "timelineBaselineSet",
  VerifierSet: "timelineVerifierSet",
  LaneHalted: "timelineHalted",
  LaneResumed: "timelineResumed",
  UpgradeObserved: "timelineUpgraded",
  FreezeCleared: "timelineWaived",
};

/** What somebody did meanwhile. */
export function turnSentence({ name, guardian }: PageTurn): Sentence {
  return say(TURNS[name], guardian === undefined ? {} : { guardian });
}

/** Whether the proxy of a scheduled statement was seen to run other code than the statement is for. */
function isOther({ report, checks }: PageStatement): boolean {
  return (
    report.state === "scheduled" && checks.some(({ id, outcome }) => id === "baseline" && outcome !== "holds")
  );
}

/** How long there is, in whole minutes and rounded up: its text changes once a minute, and is announced then. */
function countdown({ report }: PageStatement, time: bigint): Shown {
  const { eta, windowEnd } = report;
  const coarse = (seconds: bigint) => duration(((seconds + 59n) / 60n) * 60n);
  const end = say("windowEndsIn", { left: coarse(windowEnd > time ? windowEnd - time : 0n) });
  return h(
    "p",
    {
      class: "countdown",
      role: "timer",
      "aria-live": "polite",
      "data-countdown": time < eta ? "eta" : "window",
    },
    time < eta ? [say("executableIn", { left: coarse(eta - time) }), value(" "), end] : [end],
  );
}

function stateSentences({ report, turns }: PageStatement, time: bigint): Shown[] {
  if (report.state !== "superseded") return [stateSentence(report, time)];
  // The last turn of such a statement is what superseded it.
  const last = turns.at(-1)!;
  return [turnSentence(last), value(" "), say("superseded", { at: moment(last.at) })];
}

function stateSentence(report: StatementReport, time: bigint): Sentence {
  const { state, eta, windowEnd, deadline, isOverdue, veto } = report;
  const until = moment(windowEnd);
  switch (state) {
    case "scheduled":
      if (time > windowEnd) return say("windowPast", { until });
      return time < eta ? say("scheduled", { from: moment(eta), until }) : say("windowOpen", { until });
    case "expired":
      return say("expired", { until });
    case "vetoed":
      return say("vetoed", { guardian: veto?.guardian ?? "?" });
    case "executed":
      if (deadline === null) return say("executedNotDue");
      if (isOverdue || time > deadline) return say("overdue", { due: moment(deadline) });
      return say("executed", { due: moment(deadline), left: duration(deadline - time) });
    case "disclosed":
      return say("disclosed");
    default:
      return say("stateNone");
  }
}
