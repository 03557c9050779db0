import { join } from "node:path";
import { stderr } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { ErrorCode } from "../../error-codes/index.js";
import { SealpatchError } from "../../errors.js";
import { printable, printableJson, quoted } from "../../foreign-text.js";
import { nearestName } from "../../nearest-name.js";
import { privateFolder, STATE_FOLDER } from "../../state/index.js";
import { printDelivered, styled } from "../../terminal/index.js";
import {
  type CursorFile,
  type FollowStep,
  followLane,
  type LaneCursor,
  type LaneEvent,
  newCursor,
  withCursor,
} from "../../watch/index.js";
import { type LaneSource, namesOf, type ReadingOptions, withLane } from "../lane/reading.js";
import { usageError } from "../options.js";
import { EXIT } from "../run.js";
import { eventLine } from "./line.js";
import { runCommand } from "./run-command.js";

interface WatchOptions extends ReadingOptions {
  readonly once?: boolean;
  readonly interval: number;
  readonly confirmations: number;
  readonly fromNow?: boolean;
  readonly on?: readonly string[];
  readonly run?: string;
  readonly cursor?: string;
}

/** What a node may do for a while: it is asked again. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "chain/missing-logs",
  "chain/moving-head",
  "chain/rejected",
  "chain/unknown-chain",
  "chain/unreachable",
]);

/** `watch`. @param stopping ends it between two events; signals to the process do as well. */
export async function watch(options: WatchOptions, stopping = new AbortController()): Promise<void> {
  if (options.interval < 1) throw usageError("--interval is less than a second", "give 1 or more");
  if (options.on !== undefined && options.run === undefined)
    throw usageError("--on has no command to run", "give one with --run");
  await withLane(options, async (source) => {
    for (const name of options.on ?? []) assertEvent(name, source);
    await withCursor(await cursorFolder(options, source), (file) =>
      untilSignal(stopping, () => follow({ options, source, file, stopping })),
    );
  });
}

/** @throws SealpatchError `cli/usage`. */
function assertEvent(name: string, { timelock }: LaneSource): void {
  const names: string[] = [];
  timelock.interface.forEachEvent((event) => names.push(event.name));
  if (names.includes(name)) return;
  const nearest = nearestName(name, names);
  throw usageError(
    `the timelock has no event ${quoted(name.slice(0, 40))}`,
    nearest === undefined ? `it has: ${names.toSorted().join(", ")}` : `write ${nearest}, if that is meant`,
  );
}

async function cursorFolder({ cursor }: WatchOptions, { folder, chain }: LaneSource): Promise<string> {
  if (cursor !== undefined) return cursor;
  if (folder === undefined)
    throw usageError("without a configuration, the cursor has no place", "give a folder with --cursor");
  await privateFolder(join(folder, STATE_FOLDER));
  return join(folder, STATE_FOLDER, `watch-${chain}`);
}

/** Works until it is done, or a signal has told it to stop; a second signal ends the process at once. */
async function untilSignal(stopping: AbortController, work: () => Promise<void>): Promise<void> {
  const stop = () => stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    await work();
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, stop);
  }
}

interface Watch {
  readonly options: WatchOptions;
  readonly source: LaneSource;
  readonly file: CursorFile;
  readonly stopping: AbortController;
}

async function follow({ options, source, file, stopping }: Watch): Promise<void> {
  const { interval, confirmations, once, fromNow, json } = options;
  const { timelock, fromBlock } = source;
  const { signal } = stopping;
  let cursor = await file.read();
  const notices = new Notices();
  while (!signal.aborted) {
    try {
      if (cursor === undefined) {
        cursor = await newCursor(timelock, { fromBlock: fromNow ? "now" : fromBlock });
        await file.write(cursor);
      }
      const from: LaneCursor = cursor;
      const steps = followLane(timelock, {
        cursor: from,
        interval,
        confirmations,
        once: once ?? false,
        signal,
      });
      for await (const step of steps) {
        notices.of(step);
        if (step.event !== null && !(await tell(step.event, { options, source }))) return;
        // Only now: whoever is stopped before this tells the event again.
        if (step.cursor !== cursor) await file.write(step.cursor);
        cursor = step.cursor;
      }
      if (once && notices.isBehind) process.exitCode = EXIT.undecided;
      if (once) return;
    } catch (error) {
      if (once || !(error instanceof SealpatchError) || !PASSING.has(error.code)) throw error;
      notices.failed(error, interval, json);
      await sleep(interval * 1000, undefined, { signal }).catch(() => {});
    }
  }
}

/** Tells an event. @returns false where nobody reads any more. */
async function tell(
  event: LaneEvent,
  { options, source }: Pick<Watch, "options" | "source">,
): Promise<boolean> {
  const { chain = null, chainId, timelock } = source;
  const told = JSON.stringify({ chain, chainId: `${chainId}`, timelock: timelock.address, ...event });
  const names = { proxy: namesOf(source), timelock: timelock.address, interface: timelock.interface };
  if (!(await printDelivered(options.json ? printableJson(told) : eventLine(event, names)))) return false;
  const { run, on } = options;
  if (run === undefined || (on !== undefined && !on.includes(event.name))) return true;
  const failure = await runCommand(run, `${told}\n`);
  if (failure !== undefined) notice(`the command of --run failed on ${event.id}: ${failure}`);
  return true;
}

function notice(text: string): void {
  stderr.write(`${styled("yellow", printable(text), stderr)}\n`);
}

/** Says on standard error when a node fails or is behind, and when it is well again: once each, not at every look. */
class Notices {
  #last = "";

  get isBehind(): boolean {
    return this.#last === "behind";
  }

  of({ isBehind, head }: FollowStep): void {
    const text = isBehind
      ? `the node is behind, at block ${head}: nothing can be said until it has caught up`
      : "";
    if (text === "" && this.#last !== "") notice("the node is well again");
    // The number of the block changes; that it is behind is said once.
    if (text !== "" && this.#last !== "behind") notice(text);
    this.#last = isBehind ? "behind" : "";
  }

  failed({ code, message, why }: SealpatchError, interval: number, json: boolean | undefined): void {
    if (code !== this.#last)
      notice(
        `${message}${why === undefined ? "" : ` (${why})`}; it is asked again every ${interval} s${json ? ` [${code}]` : ""}`,
      );
    this.#last = code;
  }
}
