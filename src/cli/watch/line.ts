import { quoted } from "../../foreign-text.js";
import { shortenMiddle, styled } from "../../terminal/index.js";
import type { EventValue, LaneEvent } from "../../watch/index.js";

/** A value of an event, and how it stands on a line. */
type Shown = (values: LaneEvent["values"], nameOf: (proxy: string) => string | undefined) => string;

const text = (value: EventValue | undefined): string => (typeof value === "string" ? value : "");
const short = (value: EventValue | undefined): string => shortenMiddle(text(value), 14);
const moment = (value: EventValue | undefined): string =>
  new Date(Number(value) * 1000).toISOString().slice(5, 16).replace("T", " ");

const proxyOf: Shown = ({ proxy }, nameOf) => nameOf(text(proxy)) ?? short(proxy);

/** Events of the fast lane: a word for what happened, and what is most needed of it. All others stand as they are. */
const LINES: Readonly<Record<string, readonly [word: string, rest: Shown]>> = {
  StatementScheduled: [
    "scheduled",
    (values, nameOf) =>
      `${proxyOf(values, nameOf)} ${short(values.commitment)} ${moment(values.eta)} to ${moment(values.deadline)}`,
  ],
  StatementVetoed: ["vetoed", ({ commitment, reason }) => `${short(commitment)} ${quoted(text(reason))}`],
  StatementExecuted: [
    "executed",
    (values, nameOf) =>
      `${proxyOf(values, nameOf)} ${short(values.commitment)} due ${moment(values.disclosureDueAt)}`,
  ],
  StatementDisclosed: ["disclosed", ({ commitment, uri }) => `${short(commitment)} ${quoted(text(uri))}`],
  LaneHalted: ["HALTED", ({ guardian, reason }) => `by ${short(guardian)} ${quoted(text(reason))}`],
  LaneResumed: ["resumed", () => ""],
  FreezeCleared: ["waived", ({ commitment }) => `disclosure of ${short(commitment)}`],
  PolicySet: ["policy set", proxyOf],
  PolicyRemoved: ["no policy", proxyOf],
  BaselineSet: [
    "baseline",
    (values, nameOf) => `${proxyOf(values, nameOf)} runs ${short(values.implementation)}`,
  ],
};

/** An event on one line: when, what, and about whom. Times on it are of the year of its block or the next, in UTC. */
export function eventLine(event: LaneEvent, nameOf: (proxy: string) => string | undefined): string {
  const { name, values, takenBack, time } = event;
  const known = LINES[name];
  const when = new Date(time * 1000).toISOString().slice(0, 19).replace("T", " ");
  const what = known === undefined ? name : known[0].padEnd(10);
  const about = known === undefined ? otherValues(values) : known[1](values, nameOf);
  const line = `${when}  ${takenBack ? "TAKEN BACK " : ""}${what} ${about}`.trimEnd();
  if (takenBack) return styled("red", line);
  return name === "LaneHalted" || name === "StatementScheduled" ? styled("yellow", line) : line;
}

/** Values of an event that has no words here; others may have written any of them. */
function otherValues(values: LaneEvent["values"]): string {
  return Object.entries(values)
    .map(([name, value]) => {
      const shown =
        typeof value === "string" && /^[\w.-]*$/.test(value) ? value : quoted(JSON.stringify(value));
      return `${name}=${shortenMiddle(shown, 16)}`;
    })
    .join(" ");
}
