import {
  asked,
  assertPresentTarget,
  type Mined,
  type Route,
  readStatementSteps,
  type TimelockClient,
} from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { Manifest } from "../manifest.js";
import { verifyBind } from "../proof/index.js";
import { type ExecutionMember, executionPartsOf } from "./execution-file.js";
import { targetOn } from "./schedule-file.js";
import { assertKeysOf } from "./setup.js";

/**
 * Checks all that can be checked of an execution without showing it to anybody, not to the own node either: keys and proofs, the role of the
 * account, and state, time and targets of the statements.
 * @param check.account the account that sends.
 * @param check.manifest the keys that the proofs were made with.
 * @throws SealpatchError `lane/not-for-this-timelock`, `lane/other-keys`, `lane/not-executor`, `lane/not-scheduled`, `lane/not-yet`,
 *   `proof/does-not-verify`, `chain/other-target`.
 */
export async function assertReadyToExecute(
  timelock: TimelockClient,
  members: readonly ExecutionMember[],
  check: { readonly chainId: bigint; readonly account: string; readonly manifest: Manifest },
): Promise<void> {
  const place = { chainId: check.chainId, timelock: timelock.address };
  const targets = members.map((member) => targetOn(member.targets, place));
  await assertKeysOf(timelock, check.manifest);
  for (const { bind } of members) {
    if (await verifyBind(bind, check.manifest)) continue;
    throw new SealpatchError("proof/does-not-verify", "a proof of the execution does not verify", {
      details: { commitment: bind.statement.commitment },
      why: "the timelock would refuse it, after the patch was shown",
      remedy: "prove again",
    });
  }
  if (!(await timelock.holdsRole("EXECUTOR", check.account))) {
    throw new SealpatchError("lane/not-executor", `${check.account} may not execute`, {
      details: { account: check.account, timelock: timelock.address },
      why: "it does not hold EXECUTOR_ROLE, and the role is not open to everybody",
      remedy: "send from an account that holds the role",
    });
  }
  await assertInWindow(timelock, members);
  for (const target of targets) await assertPresentTarget(timelock, target.proxy, target);
}

async function assertInWindow(timelock: TimelockClient, members: readonly ExecutionMember[]): Promise<void> {
  const now = await timelock.now();
  for (const { bind } of members) {
    const { commitment } = bind.statement;
    const state = await timelock.state(commitment);
    if (state !== "scheduled") {
      throw new SealpatchError("lane/not-scheduled", `the statement is not scheduled, but ${state}`, {
        details: { commitment, state },
        why: "a statement is executed once, after it was scheduled and before it ends",
        remedy:
          state === "none" ? "have it scheduled first" : "seal the patch again where it is still needed",
      });
    }
    const { eta } = await timelock.statement(commitment);
    if (now >= eta) continue;
    throw new SealpatchError("lane/not-yet", "the delay has not passed", {
      details: { commitment, eta, now },
      why: `it lasts until ${new Date(Number(eta) * 1000).toISOString()}, so that guardians can veto`,
      remedy: "execute then",
    });
  }
}

/**
 * The transaction that executed a group, or one statement, whoever sent it; each proxy is looked at as after an execution.
 * @param logs.fromBlock where the timelock's logs begin; the first block unless given.
 * @returns undefined where they are not all executed.
 * @throws SealpatchError `chain/not-installed`, `chain/not-checked`, and as `readStatementSteps`.
 * @example
 * ```ts
 * const members = await openExecution(await readFile("execution.age"), identity);
 * const executed = await readExecuted(timelock, members);
 * console.log(executed === undefined ? "not executed" : executed.hash);
 * ```
 */
export async function readExecuted(
  timelock: TimelockClient,
  members: readonly ExecutionMember[],
  logs: { readonly fromBlock?: number | undefined } = {},
): Promise<Mined | undefined> {
  const commitments = members.map(({ bind }) => bind.statement.commitment);
  for (const commitment of commitments) {
    const state = await timelock.state(commitment);
    if (state !== "executed" && state !== "disclosed") return undefined;
  }
  const { fromBlock } = logs;
  const place = { commitment: commitments[0]!, ...(fromBlock === undefined ? {} : { fromBlock }) };
  const { executed } = await readStatementSteps(timelock, place);
  const hash = executed!.transaction;
  const receipt = await asked("reading a receipt", () => timelock.provider.getTransactionReceipt(hash));
  // A group is executed as a whole.
  return timelock.parts.assertInstalled({ hash, gasUsed: receipt!.gasUsed, receipt: receipt! }, commitments);
}

/**
 * Executes a group, or one statement, in one transaction.
 * @param timelock with the sender of its transactions.
 * @param route how the transaction, which shows the patch, reaches the chain; it may be left out on local chains alone.
 * @throws SealpatchError as `LaneParts.execute`.
 * @example
 * ```ts
 * const members = await openExecution(await readFile("execution.age"), identity);
 * const manifest = await readManifest();
 * await assertReadyToExecute(timelock, members, { chainId: 1n, account: await executor.getAddress(), manifest });
 * await executeGroup(timelock.as(executor), members, { relay: sendWith(privateRelay) });
 * ```
 */
export async function executeGroup(
  timelock: TimelockClient,
  members: readonly ExecutionMember[],
  route?: Route,
): Promise<Mined> {
  const parts = executionPartsOf(members);
  const [first, ...others] = parts;
  return others.length === 0
    ? timelock.parts.execute(first!, route)
    : timelock.parts.executeBatch(parts, route);
}
