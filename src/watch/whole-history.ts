import { missingLogs, type TimelockLog } from "./history.js";
import type { ProxyReport, StatementReport } from "./report.js";

/**
 * Checks that a node left out no logs, as far as the contract shows what they told: silence of a node is no word about the lane. A statement
 * that is only scheduled shows nowhere but in its own log.
 * @param contract.dueAt when the next disclosure is due, 0 where none is.
 * @throws SealpatchError `chain/missing-logs`.
 */
export function assertWhole(
  history: readonly TimelockLog[],
  contract: {
    readonly proxies: readonly ProxyReport[];
    readonly statements: readonly StatementReport[];
    readonly dueAt: bigint;
  },
): void {
  // The constructor's, before which the timelock had no delay.
  if (!history.some(({ name, args }) => name === "MinDelayChange" && args.oldDuration === 0n))
    throw missingLogs("they do not begin with its deployment");
  assertNonces(contract.proxies, history);
  assertScheduled(history);
  assertDue(contract.statements, contract.dueAt);
}

/** What takes a proxy's nonce one step on. */
const STEPS = new Set(["PolicySet", "PolicyRemoved", "BaselineSet", "StatementExecuted"]);

/** Every step of a nonce has its event, so that a log that is left out shows. */
function assertNonces(proxies: readonly ProxyReport[], history: readonly TimelockLog[]): void {
  const steps = history.filter(({ name }) => STEPS.has(name));
  for (const { proxy, nonce } of proxies) {
    const told = steps.filter(({ args }) => args.proxy === proxy).length;
    if (BigInt(told) !== nonce)
      throw missingLogs(`they lead to the nonce ${told} of the proxy ${proxy}, and it is ${nonce}`);
  }
}

/** What became of a statement, became of one that was scheduled. */
function assertScheduled(history: readonly TimelockLog[]): void {
  const of = (...names: string[]) => history.filter(({ name }) => names.includes(name));
  const known = new Set(of("StatementScheduled").map(({ args }) => args.commitment));
  if (!of("StatementVetoed", "StatementExecuted").every(({ args }) => known.has(args.commitment)))
    throw missingLogs("a statement was executed or vetoed, and no event has told of its scheduling");
}

/** What is due next is due of a statement that the logs told of. */
function assertDue(statements: readonly StatementReport[], dueAt: bigint): void {
  const due = statements.flatMap(({ state, deadline }) =>
    state === "executed" && deadline !== null ? [deadline] : [],
  );
  const earliest = due.reduce((least, each) => (least === 0n || each < least ? each : least), 0n);
  if (earliest !== dueAt)
    throw missingLogs(`by them a disclosure is due at ${earliest}, and one is at ${dueAt}`);
}
