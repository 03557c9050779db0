import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { ArithmeticMemory, type Call, type Job, type Machine, ThreadMemory } from "../arithmetic/index.js";

const MAX_THREADS = 16;

/** How many threads proofs and keys take: the cores, at most 16. */
export const threadCount = (): number => Math.min(availableParallelism(), MAX_THREADS);

// A string, because a worker file would have another name in the sources, in the tests and in the package.
const WORKER_SOURCE = `
const { parentPort, workerData } = require("node:worker_threads");
const { exports } = new WebAssembly.Instance(workerData.module, { env: { memory: workerData.memory } });
parentPort.on("message", (calls) => {
  const since = performance.now();
  for (const [name, ...args] of calls) exports[name](...args);
  parentPort.postMessage((performance.now() - since) / 1000);
});
`;

interface QueuedJob {
  readonly job: Job;
  readonly resolve: (seconds: number) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly memory: ThreadMemory;
  current: QueuedJob | undefined;
}

/** Threads that share one memory, each with an instance of the arithmetic's module. They keep a process alive only while they work. */
export class Threads implements Machine {
  readonly memory: ArithmeticMemory;
  readonly #threads: Thread[];
  readonly #queue: QueuedJob[] = [];
  #failure: unknown;

  constructor(count = threadCount()) {
    this.memory = new ArithmeticMemory(true);
    const module = new WebAssembly.Module(this.memory.code.bytes);
    this.#threads = Array.from({ length: count }, () => {
      const worker = new Worker(WORKER_SOURCE, {
        eval: true,
        workerData: { module, memory: this.memory.wasm },
      });
      const thread: Thread = { worker, memory: new ThreadMemory(this.memory), current: undefined };
      worker.on("message", (seconds: number) => this.#finish(thread, seconds));
      worker.on("error", (error) => this.#fail(error));
      // After the listeners: the first one of messages makes the worker keep the process alive.
      worker.unref();
      return thread;
    });
  }

  /** Whether a thread broke off, or all were ended. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  get threads(): number {
    return this.#threads.length;
  }

  run(job: Job): Promise<number> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const queued = { job, resolve, reject };
      if (job.urgent === true) this.#queue.unshift(queued);
      else this.#queue.push(queued);
      this.#startJobs();
    });
  }

  /** Ends the threads; what they still had to do is given up. */
  async close(): Promise<void> {
    this.#fail(new Error("the threads were ended"));
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #startJobs(): void {
    for (const thread of this.#threads) {
      if (thread.current !== undefined) continue;
      const next = this.#queue.shift();
      if (next === undefined) return;
      let calls: Call[];
      try {
        calls = [thread.memory.begin(next.job), ...next.job.calls];
      } catch (error) {
        // More memory than there is. Other jobs of the same work may still write where the next one would.
        next.reject(error);
        this.#fail(error);
        return;
      }
      thread.current = next;
      thread.worker.ref();
      thread.worker.postMessage(calls);
    }
  }

  #finish(thread: Thread, seconds: number): void {
    thread.worker.unref();
    const done = thread.current;
    thread.current = undefined;
    done?.resolve(seconds);
    this.#startJobs();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const given = this.#threads.flatMap(({ current }) => (current === undefined ? [] : [current]));
    for (const queued of [...given, ...this.#queue.splice(0)]) queued.reject(this.#failure);
    for (const thread of this.#threads) thread.current = undefined;
  }
}

/** Runs `work` on threads that end with it. */
export async function withThreads<T>(work: (threads: Threads) => Promise<T>): Promise<T> {
  const threads = new Threads();
  try {
    return await work(threads);
  } finally {
    await threads.close();
  }
}
