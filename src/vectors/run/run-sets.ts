import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { VectorSet } from "../format/index.js";
import type { VectorRun } from "./run.js";
import type { CodeUnderTest } from "./source.js";
import { type RunProgress, runTask, type SetRun, TaskBoard, type VectorTask } from "./tasks.js";
import { VectorWorkers } from "./workers.js";

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
/** Milliseconds after which what is left is estimated: the first vectors are slow, for they load and warm up the EVM. */
const WARM = 1000;
const MAX_WORKERS = 16;

/**
 * Runs every vector of a set, each on a pre-state of its own.
 * @returns results in leaf order, the same whatever the workers.
 * @throws SealpatchError as `runVector` does, for the first vector that cannot be run.
 * @example
 * ```ts
 * const set = await readVectorSet("baseline.json");
 * for (const [index, { steps }] of (await runVectors(set, currentCode)).entries())
 *   console.log(`${set.vectors[index]!.name}: ${steps} instructions`);
 * ```
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
      if (workers !== undefined || wanted <= 1 || options.workers !== undefined) continue;
      const passed = performance.now() - since;
      const left = (passed / board.done) * (tasks.length - board.done);
      if (passed > WARM && left > WORTH_WORKERS) {
        workers = new VectorWorkers(runs, board, wanted);
      }
    }
    await workers?.finished();
  } finally {
    workers?.close();
  }
  return board.results(runs);
}
