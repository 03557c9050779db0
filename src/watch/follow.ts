import { setTimeout as sleep } from "node:timers/promises";
import { LogReader, type TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { blockAt, headOf, movingHead } from "./block.js";
import { assertCursorOf, type LaneCursor } from "./cursor.js";
import { eventOf, idOf, type LaneEvent, takenBack } from "./event.js";
import { historyOf, missingLogs, type TimelockLog } from "./history.js";
import type { ChainBlock } from "./report.js";

/** Blocks below the newest one that a reorganisation may take back, and up to which a cursor remembers the chain. */
const REMEMBERED_BLOCKS = 128;
/** How often the newest block may be replaced in one look at the chain. */
const ATTEMPTS = 3;

/** How a lane is followed. */
export interface FollowOptions {
  readonly cursor: LaneCursor;
  /** Blocks that an event's block must be below the newest one; 0 unless given, which shows what may be taken back. */
  readonly confirmations?: number;
  /** Seconds between two looks at the chain; 12 unless given. */
  readonly interval?: number;
  /** Ends once everything up to the newest block is given. */
  readonly once?: boolean;
  /** Ends it between two events. */
  readonly signal?: AbortSignal;
}

/** An event, and the cursor to go on from once it is dealt with. */
export interface FollowStep {
  /** Null where the cursor alone moved on, and where the node has nothing new. */
  readonly event: LaneEvent | null;
  readonly cursor: LaneCursor;
  /** The newest block of the node (less the confirmations); null where the node's chain does not go that far yet. */
  readonly head: number | null;
  /** Whether the node is behind what was read of the chain before: nothing can be said until it has caught up. */
  readonly isBehind: boolean;
}

/**
 * The events of a timelock from a cursor on, in their order (but for those that a node gave late), each once. Where a reorganisation replaced blocks, the events
 * of those that are gone are given again as taken back, the newest first, and then what happened instead.
 *
 * Whoever keeps the cursor of each step once its event is dealt with goes on after any stop without a gap, and repeats at most that one event.
 * @throws SealpatchError `state/other-cursor`, `chain/missing-logs`, `chain/deep-reorganisation`, `chain/moving-head`, and as `LogReader`
 *   does. After an error one can go on from the last cursor.
 * @example
 * ```ts
 * const cursor = await newCursor(timelock, { fromBlock });
 * for await (const { event } of followLane(timelock, { cursor, confirmations: 2 }))
 *   if (event?.name === "StatementScheduled") console.log(event.values.commitment, event.takenBack);
 * ```
 */
export async function* followLane(
  timelock: TimelockClient,
  { cursor, confirmations = 0, interval = 12, once = false, signal }: FollowOptions,
): AsyncGenerator<FollowStep, void, void> {
  const logs = new LogReader(timelock.provider);
  let current = cursor;
  for (let attempt = 1; !signal?.aborted; ) {
    await assertCursorOf(current, timelock);
    let isWhole = false;
    for await (const step of look({ timelock, logs, confirmations }, current)) {
      if (step === "moved") break;
      current = step.cursor;
      yield step;
      if (signal?.aborted) return;
      isWhole ||= step.event === null;
    }
    if (!isWhole && attempt++ >= ATTEMPTS) throw movingHead(ATTEMPTS);
    if (!isWhole) continue;
    attempt = 1;
    if (once) return;
    await sleep(interval * 1000, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  }
}

interface Followed {
  readonly timelock: TimelockClient;
  readonly logs: LogReader;
  readonly confirmations: number;
}

/** One look at the chain, up to its newest block. It ends with a step without event, or as soon as blocks are replaced meanwhile. */
async function* look(
  { timelock, logs, confirmations }: Followed,
  cursor: LaneCursor,
): AsyncGenerator<FollowStep | "moved", void, void> {
  const newest = await headOf(timelock);
  const wanted = newest.number - confirmations;
  const head = confirmations === 0 || wanted < 0 ? newest : await blockAt(timelock, wanted);
  if (head === null) return yield "moved";
  const idle = (isBehind: boolean) => ({
    event: null,
    cursor,
    head: wanted < 0 ? null : head.number,
    isBehind,
  });
  if (wanted < 0 || (cursor.blocks.length === 0 && head.number < cursor.from)) return yield idle(false);
  const common = await lastCommon(timelock, cursor, head);
  if (common === "behind") return yield idle(true);

  if (common === head.number) return yield idle(false);
  // All that is remembered is read again: a node that lags behind leaves out logs of its newest blocks without a word.
  const range = { fromBlock: cursor.from, toBlock: head.number };
  const found = await historyOf(timelock, logs, range);
  const deep = await deepBlock(timelock, cursor, { common, head });

  let current = cursor;
  const step = (event: LaneEvent | null) => ({ event, cursor: current, head: head.number, isBehind: false });
  const ids = new Set(found.map(idOf));
  const gone = cursor.given.filter(({ id }) => !ids.has(id)).toReversed();
  for (const event of gone) {
    await assertGone(timelock, event);
    current = { ...current, given: current.given.filter(({ id }) => id !== event.id) };
    yield step(takenBack(event));
  }
  const times = new Map<string, number>();
  const known = new Set(cursor.given.map(({ id }) => id));
  for (const log of found.filter((one) => !known.has(idOf(one)))) {
    const time = times.get(log.blockHash) ?? (await timeOf(timelock, log));
    if (time === undefined) return yield "moved";
    times.set(log.blockHash, time);
    const event = eventOf(timelock.interface, log, time);
    current = { ...current, given: [...current.given, event] };
    yield step(event);
  }
  const blocks = [...cursor.blocks.filter(({ number }) => number <= common), ...deep, head];
  current = settled(
    { ...current, blocks: blocks.map(({ number, hash }) => ({ number, hash })) },
    head.number,
  );
  yield step(null);
}

/**
 * The newest block up to which the chain is still the one that was read; `behind` where the node's chain ends before that, and is the
 * same as far as it goes: an old head is no reorganisation.
 */
async function lastCommon(
  timelock: TimelockClient,
  { blocks, from }: LaneCursor,
  head: ChainBlock,
): Promise<number | "behind"> {
  let isReplaced = false;
  for (const { number, hash } of blocks.toReversed()) {
    if (number > head.number) continue;
    const now = number === head.number ? head : await blockAt(timelock, number);
    if (now?.hash === hash) return isReplaced || number === blocks.at(-1)!.number ? number : "behind";
    isReplaced = true;
  }
  if (blocks.length === 0) return from - 1;
  if (!isReplaced) return "behind";
  // Nothing was forgotten yet: everything is read again.
  if (blocks[0]!.number >= from) return from - 1;
  throw new SealpatchError(
    "chain/deep-reorganisation",
    "the chain is another one as far back as the cursor knows",
    {
      details: { oldest: blocks[0]!.number, head: head.number },
      why: `the block ${blocks[0]!.number}, the oldest that it remembers, was replaced`,
      remedy: "look at the state of the lane, then begin with a new cursor",
    },
  );
}

/** Where much is read at once, a block that lies as deep as is remembered: else the next reorganisation had no common block. */
async function deepBlock(
  timelock: TimelockClient,
  { from }: LaneCursor,
  { common, head }: { readonly common: number; readonly head: ChainBlock },
): Promise<ChainBlock[]> {
  const number = head.number - REMEMBERED_BLOCKS;
  if (number <= common || number < from) return [];
  const block = await blockAt(timelock, number);
  return block === null ? [] : [block];
}

/** Forgets what lies deeper than a reorganisation goes. */
function settled(cursor: LaneCursor, head: number): LaneCursor {
  const oldest = cursor.blocks.findLast(({ number }) => number <= head - REMEMBERED_BLOCKS);
  if (oldest === undefined) return cursor;
  const from = oldest.number + 1;
  return {
    ...cursor,
    from,
    blocks: cursor.blocks.filter(({ number }) => number >= oldest.number),
    given: cursor.given.filter(({ block }) => block >= from),
  };
}

/** An event whose block is still there was not taken back: the node leaves its log out. @throws SealpatchError `chain/missing-logs`. */
async function assertGone(timelock: TimelockClient, { block, blockHash, name }: LaneEvent): Promise<void> {
  if ((await blockAt(timelock, block))?.hash === blockHash)
    throw missingLogs(`it gave an event ${name} of block ${block} before, and does not give it now`);
}

/** Time of a log's block; undefined where that is gone. */
async function timeOf(
  timelock: TimelockClient,
  { blockNumber, blockHash }: TimelockLog,
): Promise<number | undefined> {
  const block = await blockAt(timelock, blockNumber);
  return block?.hash === blockHash ? Number(block.timestamp) : undefined;
}
