import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { atExit } from "../../at-exit.js";
import type { ErrorCode } from "../../error-codes/index.js";
import { type ErrorDetails, SealpatchError } from "../../errors.js";
import { FROM_SOURCES, MODULES } from "../../places.js";
import { codeOf } from "../../whole-file.js";
import type { VectorRun } from "./run.js";
import type { SetRun, TaskBoard, TaskOutcome, VectorTask } from "./tasks.js";

/** What a worker is sent: first the runs, once it is ready, then one task after the other. */
export type WorkerRequest = { readonly runs: readonly SetRun[] } | { readonly task: VectorTask };

/** What a worker answers: that it can take a task, or what came of one. */
export type WorkerAnswer = "ready" | { readonly result: VectorRun } | { readonly error: ErrorParts };

/** A SealpatchError on its way between processes, where classes are lost. */
export interface ErrorParts {
  readonly code: ErrorCode;
  readonly message: string;
  readonly why: string | undefined;
  readonly remedy: string | undefined;
  readonly details: ErrorDetails;
}

/**
 * Worker processes that take tasks from a board until there is none left. Processes and not threads: Node 20 aborts
 * as a whole when it ends a thread that has loaded a program of many ES modules (a check in ~ModuleWrap fails), and a
 * worker that runs out of memory takes only itself along.
 */
export class VectorWorkers {
  readonly #children: readonly ChildProcess[];
  readonly #ended: Promise<unknown>;
  readonly #done: () => void;
  #ready = false;

  constructor(runs: readonly SetRun[], board: TaskBoard, count: number) {
    this.#children = Array.from({ length: count }, startWorker);
    this.#done = atExit(() => this.#kill());
    this.#ended = Promise.all(this.#children.map((child) => this.#serve(child, runs, board)));
    // The error is seen where the end is awaited; until then nothing handles it.
    this.#ended.catch(() => {});
  }

  /** Whether the first worker has begun. */
  get ready(): boolean {
    return this.#ready;
  }

  /**
   * Waits until every worker has run out of tasks.
   * @throws SealpatchError `vectors/worker-failed`.
   */
  async finished(): Promise<void> {
    await this.#ended;
  }

  /** Ends the workers, whatever they do. */
  close(): void {
    this.#kill();
    this.#done();
  }

  #kill(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  #serve(child: ChildProcess, runs: readonly SetRun[], board: TaskBoard): Promise<void> {
    return new Promise((resolve, reject) => {
      const send = (request: WorkerRequest) => child.send(request);
      let task: VectorTask | undefined;
      child.on("message", (answer: WorkerAnswer) => {
        if (answer === "ready") {
          this.#ready = true;
          send({ runs });
        } else if (task !== undefined) {
          board.settle(task, toOutcome(answer));
        }
        task = board.take();
        if (task === undefined) resolve();
        else send({ task });
      });
      child.on("error", (error) => reject(workerFailed(`it could not be started (${codeOf(error)})`)));
      child.on("exit", (code, signal) =>
        reject(workerFailed(`it ended with ${signal ?? `exit code ${code}`}`)),
      );
    });
  }
}

/** In the sources and in tests a worker's file is TypeScript, which Node reads by tsx. */
function startWorker(): ChildProcess {
  return fork(join(MODULES, "vectors/run", FROM_SOURCES ? "worker.ts" : "worker.js"), {
    execArgv: FROM_SOURCES ? ["--import", import.meta.resolve("tsx")] : [],
    // JSON has neither bigints nor bytes.
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function workerFailed(why: string): SealpatchError {
  return new SealpatchError("vectors/worker-failed", "a process that runs vectors failed", {
    why,
    remedy: "run again with one worker; if that fails too, a vector needs more memory than there is",
  });
}

function toOutcome(answer: Exclude<WorkerAnswer, "ready">): TaskOutcome {
  if ("result" in answer) return answer;
  const { code, message, why, remedy, details } = answer.error;
  return {
    error: new SealpatchError(code, message, {
      details,
      ...(why === undefined ? {} : { why }),
      ...(remedy === undefined ? {} : { remedy }),
    }),
  };
}
