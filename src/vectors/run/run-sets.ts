import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { VectorSet } from "../format/schema.js";
import { runVector, type VectorRun } from "./run.js";
import type { CodeUnderTest } from "./source.js";
import { VectorWorkers } from "./workers.js";

/** A set to run, and the code to run it on. */
export interface SetRun {
  readonly set: VectorSet;
  readonly under: CodeUnderTest;
}

/** Called after each vector. */
export type RunProgress = (progress: { done: number; total: number }) => void;

export interface RunOptions {
  readonly onProgress?: RunProgress;
  /**
   * Worker processes, at most 16; with 1 or less there is none and the calling thread does all. Without a number vectors
   * run on the calling thread until what is left would take long enough to be worth as many workers as there are cores.
   */
  readonly workers?: number;
}

/** Milliseconds of work left from which workers pay, each of which has to load the EVM first. */
const WORTH_WORKERS = 4000;
const MAX_WORKERS = 16;

/** One vector of one run. */
export interface VectorTask {
  /** Index of the run. */
  readonly run: number;
  /** Index of the vector in its set. */
  readonly vector: number;
}

/**
 * Runs every vector of a set, each on a pre-state of its own.
 * @returns results in leaf order, the same whatever the workers.
 * @throws SealpatchError as `runVector` does, for the first vector that cannot be run.
 */
export async function runVectors(
  set: VectorSet,
  under: CodeUnderTest,
  options: RunOptions = {},
): Promise<VectorRun[]> {
  const [runs] = await runSets([{ set, under }], options);
  return runs!;
}

/**
 * Runs sets on codes, in worker processes where that is faster.
 * @returns for each run its results in leaf order, the same whatever the workers.
 * @throws SealpatchError as `runVector` does, for the first vector of the first run that cannot be run.
 */
export async function runSets(runs: readonly SetRun[], options: RunOptions = {}): Promise<VectorRun[][]> {
  const tasks = runs.flatMap(({ set }, run) => set.vectors.map((_, vector): VectorTask => ({ run, vector })));
  const board = new TaskBoard(tasks, options.onProgress);
  const wanted = Math.min(options.workers ?? availableParallelism(), MAX_WORKERS);
  let workers: VectorWorkers | undefined;
  try {
    if (options.workers !== undefined && wanted > 1) workers = new VectorWorkers(runs, board, wanted);
    const since = performance.now();
    // Until the workers have loaded the EVM, this one does the work.
    while (workers?.ready !== true && board.open) {
      const task = board.take()!;
      board.settle(
        task,
        await runTask(runs, task).then(
          (result) => ({ result }),
          (error: unknown) => ({ error }),
        ),
      );
      // The EVM never waits for anything: without this, nothing else would happen until the last vector.
      await setImmediate();
      const left = ((performance.now() - since) / board.done) * (tasks.length - board.done);
      if (workers === undefined && wanted > 1 && options.workers === undefined && left > WORTH_WORKERS) {
        workers = new VectorWorkers(runs, board, wanted);
      }
    }
    await workers?.finished();
  } finally {
    workers?.close();
  }
  return board.results(runs);
}

/** Runs the vector of a task, in the process that calls. */
export function runTask(runs: readonly SetRun[], { run, vector }: VectorTask): Promise<VectorRun> {
  const { set, under } = runs[run]!;
  return runVector(set.vectors[vector]!, set.codes, under, vector);
}

/** What came of a task. */
export type TaskOutcome = { readonly result: VectorRun } | { readonly error: unknown };

/**
 * What is still to be run, and what came of the rest. Tasks are given out in order and none after the first error, so
 * that the error that counts, the first in order, is the same however many take part.
 */
export class TaskBoard {
  readonly #tasks: readonly VectorTask[];
  readonly #onProgress: RunProgress | undefined;
  readonly #results = new Map<VectorTask, VectorRun>();
  readonly #errors = new Map<VectorTask, unknown>();
  #next = 0;

  constructor(tasks: readonly VectorTask[], onProgress: RunProgress | undefined) {
    this.#tasks = tasks;
    this.#onProgress = onProgress;
  }

  /** Whether there is a task to take. */
  get open(): boolean {
    return this.#errors.size === 0 && this.#next < this.#tasks.length;
  }

  get done(): number {
    return this.#results.size + this.#errors.size;
  }

  take(): VectorTask | undefined {
    return this.open ? this.#tasks[this.#next++] : undefined;
  }

  /** Notes what came of a task. */
  settle(task: VectorTask, outcome: TaskOutcome): void {
    if ("error" in outcome) {
      this.#errors.set(task, outcome.error);
      return;
    }
    this.#results.set(task, outcome.result);
    this.#onProgress?.({ done: this.done, total: this.#tasks.length });
  }

  /** @throws the first error in the order of the tasks. */
  results(runs: readonly SetRun[]): VectorRun[][] {
    for (const task of this.#tasks) if (this.#errors.has(task)) throw this.#errors.get(task);
    const lists: VectorRun[][] = runs.map(() => []);
    for (const task of this.#tasks) lists[task.run]!.push(this.#results.get(task)!);
    return lists;
  }
}
