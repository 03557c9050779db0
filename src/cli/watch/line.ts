import { type Interface, id, ZeroHash } from "ethers";
import { quoted } from "../../foreign-text.js";
import { shortenMiddle, styled } from "../../terminal/index.js";
import type { EventValue, LaneEvent } from "../../watch/index.js";
import { shownDuration } from "../lane/clocks.js";

/** Whose names people know. */
export interface KnownNames {
  /** The configuration's name of a proxy. */
  readonly proxy: (address: string) => string | undefined;
  readonly timelock: string;
  readonly interface: Interface;
}

/** What is most needed of an event's values. */
type Shown = (values: LaneEvent["values"], names: KnownNames) => string;

const ROLES = ["proposer", "canceller", "executor", "council", "guardian"];

const text = (value: EventValue | undefined): string => (typeof value === "string" ? value : "");
const short = (value: EventValue | undefined): string => shortenMiddle(text(value), 14);
const moment = (value: EventValue | undefined): string =>
  new Date(Number(value) * 1000).toISOString().slice(5, 16).replace("T", " ");
const duration = (value: EventValue | undefined): string => shownDuration(BigInt(text(value)));

const proxyOf: Shown = ({ proxy }, names) => names.proxy(text(proxy)) ?? short(proxy);
const statement: Shown = (values, names) => `${proxyOf(values, names)} ${short(values.commitment)}`;

function roleOf({ role }: LaneEvent["values"]): string {
  if (role === ZeroHash) return "admin";
  return ROLES.find((name) => id(`${name.toUpperCase()}_ROLE`) === role) ?? short(role);
}

/** What a call of the slow path does: by name where it is one to the timelock itself. */
const callOf: Shown = ({ target, data }, { timelock, interface: abi }) =>
  text(target) === timelock
    ? (abi.getFunction(text(data).slice(0, 10))?.name ?? "a call")
    : `${text(data).slice(0, 10)} at ${short(target)}`;

/** Events that people wait for: a word for what happened, and of what. All others stand as they are. */
const LINES: Readonly<Record<string, readonly [word: string, about: Shown]>> = {
  StatementScheduled: [
    "scheduled",
    (values, names) => `${statement(values, names)} ${moment(values.eta)} to ${moment(values.deadline)}`,
  ],
  StatementVetoed: ["vetoed", ({ commitment, reason }) => `${short(commitment)} ${quoted(text(reason))}`],
  StatementExecuted: [
    "executed",
    (values, names) => `${statement(values, names)} disclosure due ${moment(values.disclosureDueAt)}`,
  ],
  StatementDisclosed: ["disclosed", ({ commitment, uri }) => `${short(commitment)} ${quoted(text(uri))}`],
  LaneHalted: ["HALTED", ({ guardian, reason }) => `by ${short(guardian)} ${quoted(text(reason))}`],
  LaneResumed: ["resumed", () => ""],
  FreezeCleared: ["waived", ({ commitment }) => `the disclosure of ${short(commitment)}`],
  PolicySet: ["policy", (values, names) => `of ${proxyOf(values, names)} set`],
  PolicyRemoved: ["policy", (values, names) => `of ${proxyOf(values, names)} removed`],
  BaselineSet: [
    "baseline",
    (values, names) => `${proxyOf(values, names)} runs ${short(values.implementation)}`,
  ],
  UpgradeObserved: [
    "upgrade",
    ({ subject }, names) => `of ${names.proxy(text(subject)) ?? short(subject)} by the slow path`,
  ],
  VerifierSet: ["verifier", ({ verifier, setupHash }) => `${short(verifier)} of setup ${short(setupHash)}`],
  RoleGranted: ["role", (values) => `${roleOf(values)} given to ${short(values.account)}`],
  RoleRevoked: ["role", (values) => `${roleOf(values)} taken from ${short(values.account)}`],
  CallScheduled: [
    "slow path",
    (values, names) => `schedules ${callOf(values, names)} in ${duration(values.delay)}, ${short(values.id)}`,
  ],
  CallExecuted: ["slow path", (values, names) => `executes ${callOf(values, names)}, ${short(values.id)}`],
  Cancelled: ["slow path", (values) => `cancels ${short(values.id)}`],
  CallSalt: ["slow path", (values) => `salt ${short(values.salt)} of ${short(values.id)}`],
  MinDelayChange: ["slow path", ({ newDuration }) => `waits ${duration(newDuration)} at least`],
};

/** An event on one line: when, what, and about whom. Times are in UTC; those without a year lie within months of its own. */
export function eventLine({ name, values, takenBack, time }: LaneEvent, names: KnownNames): string {
  const when = new Date(time * 1000).toISOString().slice(0, 19).replace("T", " ");
  const known = LINES[name];
  const [what, about] =
    known === undefined ? [name, otherValues(values)] : [known[0].padEnd(9), known[1](values, names)];
  const line = `${when}  ${takenBack ? "TAKEN BACK " : ""}${what}  ${about}`.trimEnd();
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
