import type { VectorSet } from "../format/index.js";
import { runVector, type VectorRun } from "./run.js";
import type { CodeUnderTest } from "./source.js";

/** A set to run, and the code to run it on. */
export interface SetRun {
  readonly set: VectorSet;
  readonly under: CodeUnderTest;
}

/** Called after each vector. */
export type RunProgress = (progress: { done: number; total: number }) => void;

/** One vector of one run. */
export interface VectorTask {
  /** Index of the run. */
  readonly run: number;
  /** Index of the vector in its set. */
  readonly vector: number;
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
