import { keccak256, type Provider, ZeroAddress } from "ethers";
import { SealpatchError } from "../errors.js";
import type { DisclosureFacts, InstalledFacts } from "../patch/index.js";
import { noEvent, rebuiltError } from "./errors.js";
import { eventsOf, groundOf, type TimelockEvent } from "./ground.js";
import { isBefore, LogReader } from "./logs.js";
import { asked } from "./node.js";
import { scheduledSignals } from "./scheduled.js";
import { codeAt, implementationAt, type KnownProxy, upgradesOf } from "./slots.js";
import type { TimelockClient } from "./timelock.js";

/** Which statement, and from which block on its timelock has logs. */
export interface StatementPlace {
  readonly commitment: bigint;
  readonly fromBlock?: number;
}

/**
 * Everything that the chain says about an executed and disclosed statement, as it was then: what governance did since changes nothing.
 * The node need not be an archive: without the state of the execution's block, the facts say that it is missing. Ranges of logs adapt to
 * what the node takes.
 * @param statement.commitment C, which names the statement on this timelock.
 * @param statement.fromBlock where the timelock was deployed; the first block unless given. It saves requests.
 * @throws SealpatchError `chain/no-event` where the statement has not reached that state, `chain/missing-logs`, `chain/unreachable`,
 *   `chain/rejected`, `chain/unsupported-method`.
 * @example
 * ```ts
 * const facts = await readDisclosureFacts(timelock, { commitment });
 * const checks = await verifyDisclosure(text, facts);
 * ```
 */
export async function readDisclosureFacts(
  timelock: TimelockClient,
  statement: StatementPlace,
): Promise<DisclosureFacts> {
  return readDisclosed(timelock, statement).catch(rebuilt);
}

/** What the chain says of an executed statement, disclosed or not. */
export type ExecutionFacts = Omit<DisclosureFacts, "disclosed">;

/**
 * The same of an executed statement that need not be disclosed yet.
 * @throws SealpatchError as `readDisclosureFacts`.
 * @example
 * ```ts
 * const { replaced, executed } = await readExecutionFacts(timelock, { commitment });
 * console.log(`${replaced.implementation} -> ${executed.implementation}`);
 * ```
 */
export async function readExecutionFacts(
  timelock: TimelockClient,
  statement: StatementPlace,
): Promise<ExecutionFacts> {
  return readExecuted(timelock, statement).then(({ facts }) => facts, rebuilt);
}

function rebuilt(error: unknown): never {
  throw rebuiltError(error, "reading the facts");
}

async function readDisclosed(timelock: TimelockClient, place: StatementPlace): Promise<DisclosureFacts> {
  const { facts, of, executed } = await readExecuted(timelock, place);
  const publications = await of("StatementDisclosed", [place.commitment], executed.blockNumber);
  const { opening } = publications[0].event.args;
  return {
    ...facts,
    disclosed: {
      opening: {
        codeDigest: opening.codeDigest,
        layoutRoot: opening.layoutRoot,
        incidentRoot: opening.incidentRoot,
        callDigest: opening.callDigest,
        salt: opening.salt,
      },
      bundleHashes: publications.map(({ event }) => event.args.bundleHash as string),
    },
  };
}

async function readExecuted(timelock: TimelockClient, { commitment, fromBlock = 0 }: StatementPlace) {
  const { provider, address } = timelock;
  // One block for everything that is asked for "now": nodes behind one address differ in what is newest.
  const head = await asked("reading the newest block", () => provider.getBlockNumber());
  const chain = { address, interface: timelock.interface, logs: new LogReader(provider) };
  const of = async (name: string, indexed: readonly unknown[], from: number) => {
    const [first, ...others] = await eventsOf(chain, [name], indexed, { fromBlock: from, toBlock: head });
    if (first === undefined) throw noEvent(name, "the chain");
    return [first, ...others] as const;
  };
  const [scheduled] = await of("StatementScheduled", [null, commitment], fromBlock);
  const [executed] = await of("StatementExecuted", [commitment], scheduled.blockNumber);

  const { proxy, implementation, codehash } = executed.event.args;
  const { nonce, id } = scheduled.event.args;
  const { blockNumber, index } = executed;
  const ground = await groundOf(chain, { proxy, nonce, blockNumber, index }, fromBlock);
  const { kind, admin, replaced } = ground;
  const facts: ExecutionFacts = {
    id,
    signals: scheduledSignals(scheduled),
    replaced: { ...replaced, code: await codeOf(provider, replaced, [head, blockNumber]) },
    executed: { implementation, codehash },
    installed: await installedFacts(provider, { proxy, kind }, executed, head),
    migrationCaller: admin === ZeroAddress ? address : admin,
  };
  return { facts, of, executed };
}

/** Code by its hash: code that is gone is still that of an older block, where the node has it. */
async function codeOf(
  provider: Provider,
  { implementation, codehash }: { readonly implementation: string; readonly codehash: string },
  blocks: readonly number[],
): Promise<Uint8Array | null> {
  for (const block of blocks) {
    const code = await unlessStateIsMissing(codeAt(provider, implementation, block));
    if (code !== null && keccak256(code) === codehash) return code;
  }
  return null;
}

async function installedFacts(
  provider: Provider,
  known: KnownProxy,
  execution: TimelockEvent,
  head: number,
): Promise<InstalledFacts> {
  const { proxy } = known;
  const block = execution.blockNumber;
  const installed: string = execution.event.args.implementation;
  const logs = new LogReader(provider);
  const now = await implementationAt(provider, known, head);
  const afterExecution = await implementationAfter(provider, known, block);
  const announced = (upgrades: Awaited<ReturnType<typeof upgradesOf>>) =>
    upgrades.map(({ implementation }) => implementation);
  const inBlock = await upgradesOf(logs, proxy, block, block);
  const inExecution = inBlock.filter(({ transaction }) => transaction === execution.transaction);
  const laterInBlock = inBlock.filter(
    (upgrade) => upgrade.transaction !== execution.transaction && isBefore(execution, upgrade),
  );
  const afterwards = now === installed ? [] : await upgradesOf(logs, proxy, block + 1, head);
  return {
    afterExecution,
    now,
    inExecution: announced(inExecution),
    laterInBlock: announced(laterInBlock),
    afterwards: announced(afterwards),
  };
}

/** What the proxy ran at the end of the block of its execution, null where the node does not have that state. */
async function implementationAfter(
  provider: Provider,
  known: KnownProxy,
  block: number,
): Promise<string | null> {
  const implementation = await unlessStateIsMissing(implementationAt(provider, known, block));
  // Some nodes answer with zeros where they have no state: then the proxy has no code there either.
  if (implementation !== ZeroAddress) return implementation;
  const code = await unlessStateIsMissing(codeAt(provider, known.proxy, block));
  return code === null || code.length === 0 ? null : implementation;
}

/** Null where a node answers, and not with what it was asked for: the newest state was read before, the old one it does not have. */
async function unlessStateIsMissing<T>(reading: Promise<T>): Promise<T | null> {
  return reading.catch((error: unknown) => {
    const missing = ["chain/rejected", "chain/reverted", "chain/unsupported-method"];
    if (error instanceof SealpatchError && missing.includes(error.code)) return null;
    throw error;
  });
}
