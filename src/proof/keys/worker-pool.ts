import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** A position in a call's list of arguments that stands for the address of a buffer of the job. */
export interface BufferAddress {
  readonly buffer: number;
}

/** Calls of one WASM module's functions on buffers that live as long as the job. */
export interface WasmJob {
  /** Bytes to copy in, or the size of an uninitialised buffer. */
  readonly buffers: readonly (Uint8Array | number)[];
  readonly calls: readonly (readonly [functionName: string, ...args: (number | BufferAddress)[]])[];
  /** Memory that the functions may take for themselves above the module's free pointer. */
  readonly scratchBytes: number;
  readonly result: { readonly buffer: number; readonly bytes: number };
}

// A string, because a worker file would have another name in the sources, in the tests and in the package.
const WORKER_SOURCE = `
const { parentPort, workerData } = require("node:worker_threads");
const PAGE_BYTES = 65536;
const memory = new WebAssembly.Memory({ initial: workerData.pages });
const { exports } = new WebAssembly.Instance(workerData.module, { env: { memory } });
const bytes = (start, length) => new Uint8Array(memory.buffer, start, length);
const freePointer = () => new Uint32Array(memory.buffer, 0, 1);
const start = freePointer()[0];

parentPort.on("message", ({ buffers, calls, scratchBytes, result }) => {
  let free = start;
  const addresses = buffers.map((buffer) => {
    const address = (free + 7) & ~7;
    free = address + (typeof buffer === "number" ? buffer : buffer.length);
    return address;
  });
  const missing = free + scratchBytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  freePointer()[0] = (free + 7) & ~7;
  buffers.forEach((buffer, index) => {
    if (typeof buffer !== "number") bytes(addresses[index], buffer.length).set(buffer);
  });
  for (const [name, ...args] of calls) {
    exports[name](...args.map((arg) => (typeof arg === "number" ? arg : addresses[arg.buffer])));
  }
  const output = bytes(addresses[result.buffer], result.bytes).slice();
  parentPort.postMessage(output, [output.buffer]);
});
`;

interface QueuedJob {
  readonly job: WasmJob;
  readonly resolve: (result: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Threads that each hold an instance of one WASM module whose word 0 points at its first free byte (ffjavascript's
 * curves). ffjavascript's own threads are not used: they are one set for the whole process, and a trap in one of them
 * leaves its caller waiting for ever.
 */
export class WorkerPool {
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #queue: QueuedJob[] = [];
  readonly #running = new Map<Worker, QueuedJob>();

  constructor(code: Uint8Array, memoryPages: number) {
    const module = new WebAssembly.Module(Uint8Array.from(code));
    for (let index = 0; index < Math.min(availableParallelism(), 16); index++) {
      const worker = new Worker(WORKER_SOURCE, { eval: true, workerData: { module, pages: memoryPages } });
      worker.on("message", (result: Uint8Array) => this.#finish(worker, (job) => job.resolve(result)));
      worker.on("error", (error) => this.#fail(error));
      this.#workers.push(worker);
      this.#idle.push(worker);
    }
  }

  get size(): number {
    return this.#workers.length;
  }

  /** Runs a job on the next free thread; rejects where a function traps or memory runs out. */
  run(job: WasmJob): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#startJobs();
    });
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #startJobs(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!;
      const queued = this.#queue.shift()!;
      this.#running.set(worker, queued);
      worker.postMessage(queued.job);
    }
  }

  #finish(worker: Worker, settle: (job: QueuedJob) => void): void {
    const queued = this.#running.get(worker);
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (queued !== undefined) settle(queued);
    this.#startJobs();
  }

  #fail(error: unknown): void {
    for (const queued of [...this.#running.values(), ...this.#queue]) queued.reject(error);
    this.#running.clear();
    this.#queue.length = 0;
  }
}
