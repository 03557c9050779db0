import {
  type Mined,
  readStatementSteps,
  type SendTransaction,
  type StatementState,
  type TimelockClient,
} from "../chain/index.js";
import { statementId, targetLeaf } from "../patch/index.js";
import type { ScheduledTarget } from "./schedule-file.js";

/** What became of a statement. */
export interface ScheduledStatement {
  readonly commitment: bigint;
  /** Names commitment and target in the timelock's events. */
  readonly id: string;
  /** Hash of the transaction that scheduled it. */
  readonly transaction: string;
  /** Undefined where an earlier run had scheduled it. */
  readonly mined: Mined | undefined;
}

/** States that a statement comes to by being scheduled and brought on. */
const SCHEDULED: ReadonlySet<StatementState> = new Set(["scheduled", "executed", "disclosed"]);

/**
 * Tries each statement that is not scheduled yet, as the account of the timelock's runner, and sends nothing.
 * @returns those that are left to be scheduled.
 * @throws SealpatchError `chain/reverted` with what the contract would refuse, and what that means.
 */
export async function trySchedule(
  timelock: TimelockClient,
  statements: readonly ScheduledTarget[],
): Promise<ScheduledTarget[]> {
  const left: ScheduledTarget[] = [];
  for (const statement of statements)
    if (!SCHEDULED.has(await timelock.state(statement.parts.commitment))) left.push(statement);
  for (const { parts } of left) await timelock.parts.trySchedule(parts);
  return left;
}

/**
 * Schedules a group, or one statement: tries all before the first is sent, and leaves out what an earlier run had scheduled.
 * @param timelock of a signer that holds the role, as whom the statements are tried.
 * @param send how the transactions reach the chain.
 * @param logs.fromBlock where the timelock's logs begin; the first block unless given.
 * @throws SealpatchError as `trySchedule`, and as the sender.
 * @example
 * ```ts
 * const members = parseSchedule(await readFile("schedule.json", "utf8"));
 * const statements = schedulingOn(members, { chainId: 1n, timelock: timelock.address });
 * await scheduleGroup(timelock.as(executor), statements, council);
 * ```
 */
export async function scheduleGroup(
  timelock: TimelockClient,
  statements: readonly ScheduledTarget[],
  send: SendTransaction,
  logs: { readonly fromBlock?: number | undefined } = {},
): Promise<ScheduledStatement[]> {
  const left = new Set(await trySchedule(timelock, statements));
  const scheduled: ScheduledStatement[] = [];
  for (const statement of statements) {
    const { target, parts } = statement;
    const { commitment } = parts;
    const mined = left.has(statement) ? await timelock.through(send).parts.schedule(parts) : undefined;
    const transaction = mined?.hash ?? (await scheduledBy(timelock, commitment, logs));
    scheduled.push({ commitment, id: statementId(commitment, targetLeaf(target)), transaction, mined });
  }
  return scheduled;
}

async function scheduledBy(
  timelock: TimelockClient,
  commitment: bigint,
  { fromBlock }: { readonly fromBlock?: number | undefined },
): Promise<string> {
  const place = { commitment, ...(fromBlock === undefined ? {} : { fromBlock }) };
  return (await readStatementSteps(timelock, place)).scheduled.transaction;
}
