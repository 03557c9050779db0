import { ZeroAddress } from "ethers";
import { quoted } from "../../foreign-text.js";
import {
  formatTable,
  fullHex,
  lineWidth,
  print,
  type Style,
  styled,
  thousands,
  wrap,
} from "../../terminal/index.js";
import type { LaneReport, NextStep, ProxyReport, StatementReport } from "../../watch/index.js";
import { areApart, type Clocks, countdown, shownDuration, shownMinute } from "../lane/clocks.js";
import { type LaneSource, namesOf, type ReadingOptions } from "../lane/reading.js";
import { commandLines, type Subject, shownStep } from "./next.js";

/** Ended statements that are listed unless all are asked for. */
const LISTED = 10;
const INDENT = "  ";

interface Context {
  readonly source: LaneSource;
  readonly clocks: Clocks;
  readonly options: ReadingOptions & { readonly all?: boolean };
}

/** Prints a lane for somebody who has to decide: what is closed, what is pending and until when, what he may do, what there was. */
export function printLane(report: LaneReport, context: Context): void {
  printHead(report, context);
  printProxies(report, context);
  const [pending, ended] = inOrder(report.statements);
  print(
    "",
    styled("bold", pending.length === 0 ? "nothing is pending" : `pending: ${thousands(pending.length)}`),
  );
  for (const statement of pending) printPending(statement, context);
  printEnded(ended, context);
  printRoles(report);
}

function printHead({ chainId, timelock, block, halt, proxies }: LaneReport, context: Context): void {
  const { source, clocks, options } = context;
  const { chain, machine } = clocks;
  const chainName = source.chain === undefined ? `chain ${chainId}` : `${source.chain}, chain ${chainId}`;
  print(
    `${chainName}, timelock ${timelock}`,
    `block ${block.number} of ${shownMinute(chain)}`,
    ...(areApart(clocks) ? [clockLine(chain - machine)] : []),
  );
  const loud = (text: string) => print("", styled("red", wrap(text, "", width())));
  if (halt !== null) {
    loud(`HALTED: every lane is closed, by the guardian ${halt.guardian}, who says ${quoted(halt.reason)}`);
    printSteps([{ who: "governance", action: "resume", from: null, until: null }], {}, context, INDENT);
  } else if (proxies.some(({ status }) => status === "frozen"))
    loud("FROZEN: every lane is closed until what is overdue is disclosed or waived");
  else if (source.folder !== undefined && proxies.some(({ status }) => status === "open"))
    print(
      "a guardian may close every lane:",
      ...commandLines("halt", {}, { source, options, indent: INDENT }),
    );
}

function clockLine(behind: bigint): string {
  const apart = shownDuration(behind < 0n ? -behind : behind);
  const text =
    behind < 0n
      ? `the newest block is ${apart} older than this machine's clock says: the node is behind, or the clock is wrong`
      : `the newest block is ${apart} ahead of this machine's clock, which is wrong`;
  return styled("yellow", wrap(text, "", width()));
}

const WHY: Readonly<Record<ProxyReport["status"], string>> = {
  open: "",
  halted: "a guardian halted it",
  frozen: "a disclosure is overdue",
  "no-policy": "governance has set no policy, or removed it",
  "no-baseline": "governance has not stated what the proxy runs",
  "baseline-stale": "it was upgraded or handed over by the slow path since its baseline was set",
  "baseline-code-changed": "its implementation or code is not what its baseline says",
};

function printProxies({ proxies }: LaneReport, context: Context): void {
  const nameOf = namesOf(context.source);
  if (proxies.length === 0) print("", "no proxy has a policy");
  if (proxies.length === 0) return;
  const rows = proxies.map(({ proxy, status }) => [
    nameOf(proxy) ?? proxy,
    styled(status === "open" ? "green" : "red", status === "open" ? "open" : "closed"),
    status === "open" ? "" : `${status}: ${WHY[status]}`,
  ]);
  const columns = [{ title: "proxy" }, { title: "lane" }, { title: "why", wraps: true }] as const;
  print("", formatTable(columns, rows, width()));
  // What closes every lane is said above, once.
  const own = proxies.filter(({ status }) => !["open", "halted", "frozen"].includes(status));
  for (const { proxy, next } of own) {
    const name = nameOf(proxy);
    print("", `to open ${name ?? proxy}:`);
    printSteps(
      next.filter(({ who }) => who === "governance"),
      { proxy: name },
      context,
      INDENT,
    );
  }
}

/** Pending statements by what ends first, the overdue before all; then those that have ended, the newest first. */
function inOrder(statements: readonly StatementReport[]): [StatementReport[], StatementReport[]] {
  const isPending = ({ next, state, deadline }: StatementReport) =>
    next.length > 0 && !(state === "executed" && deadline === null);
  const end = ({ deadline }: StatementReport) => Number(deadline ?? 0n);
  return [
    statements.filter(isPending).toSorted((a, b) => end(a) - end(b)),
    statements.filter((one) => !isPending(one)),
  ];
}

const BLOCKED: Readonly<Record<NonNullable<StatementReport["blockedBy"]>, string>> = {
  ...WHY,
  open: "",
  "group-ended": "another member of its group has ended, and the group with it",
  "group-incomplete": "not every member of its group is scheduled",
};

function printPending(statement: StatementReport, context: Context): void {
  const { commitment, proxy, state, eta, deadline, group, isOverdue, blockedBy, next } = statement;
  const { clocks } = context;
  const style: Style = isOverdue ? "red" : "yellow";
  const name = namesOf(context.source)(proxy) ?? proxy;
  const line = (title: string, text: string) =>
    wrap(text, " ".repeat(13), width()).replace(" ".repeat(13), `  ${title.padEnd(11)}`);
  print("", `${styled(style, isOverdue ? "OVERDUE" : state)}  ${name}`, `  ${fullHex(commitment)}`);
  if (state === "scheduled")
    print(line("executable", eta > clocks.chain ? countdown(eta, clocks) : `since ${shownMinute(eta)}`));
  else if (deadline !== null) print(line("disclosure", `due ${countdown(deadline, clocks)}`));
  if (group !== null)
    print(line("group", `${group.members.length} members${group.isWhole ? "" : " so far"}`));
  if (blockedBy !== null) print(line("blocked", `${blockedBy}: ${BLOCKED[blockedBy]}`));
  printSteps(next, { commitment }, context, INDENT);
}

function printSteps(next: readonly NextStep[], subject: Subject, context: Context, indent: string): void {
  const { source, clocks, options } = context;
  for (const step of next) {
    const [what, ...times] = shownStep(step, clocks);
    print(`${indent}${what}`, ...times.map((time) => wrap(time, `${indent}  `, width())));
    print(...commandLines(step.action, subject, { source, options, indent: `${indent}  ` }));
  }
}

function printEnded(ended: readonly StatementReport[], { source, options }: Context): void {
  if (ended.length === 0) return;
  const nameOf = namesOf(source);
  const shown = options.all ? ended : ended.slice(0, LISTED);
  const rows = shown.map(({ commitment, proxy, state, veto }) => [
    state,
    nameOf(proxy) ?? proxy,
    fullHex(commitment),
    veto === null ? "" : quoted(veto.reason),
  ]);
  const columns = [
    { title: "ended as" },
    { title: "proxy", flexible: true },
    { title: "commitment", flexible: true },
    { title: "reason", wraps: true },
  ];
  print("", formatTable(columns, rows, width()));
  if (shown.length < ended.length)
    print(`and ${thousands(ended.length - shown.length)} more: --all shows them`);
}

function printRoles({ roles }: LaneReport): void {
  const rows = Object.entries(roles).map(([role, accounts]) => [
    role,
    accounts.length === 0
      ? styled("red", "nobody")
      : accounts.map((account) => (account === ZeroAddress ? "everybody" : account)).join("\n"),
  ]);
  print("", formatTable([{ title: "role" }, { title: "held by", wraps: true }], rows, width()));
}

/** Columns to print in; where there is no terminal as well, for what is mailed or pasted is read in 80. */
const width = (): number => Math.min(lineWidth(), 80);
