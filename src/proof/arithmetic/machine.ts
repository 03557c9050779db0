import { type ArithmeticCode, type ArithmeticExports, buildArithmetic } from "./module.js";

const PAGE_BYTES = 65536;
const MAXIMUM_PAGES = 65536;

/** A call of a function of the module. */
export type Call = readonly [name: string, ...args: number[]];

/** Calls that one thread makes one after the other, and the memory that its lists and sums take. */
export interface Job {
  readonly calls: readonly Call[];
  readonly listBytes?: number;
  readonly sumBytes?: number;
  /** Goes before what waits. */
  readonly urgent?: boolean;
}

/** Where jobs run: on this thread alone, or on several that share the memory. */
export interface Machine {
  readonly memory: ArithmeticMemory;
  /** How many jobs run at a time. */
  readonly threads: number;
  /** Runs a job when a thread is free, and tells how many seconds that took it; rejects where memory runs out. */
  run(job: Job): Promise<number>;
}

/** The memory of the module: bytes are taken one after the other, and given back in the opposite order. */
export class ArithmeticMemory {
  readonly code: ArithmeticCode;
  readonly shared: boolean;
  readonly wasm: WebAssembly.Memory;
  readonly #holders: ((end: number) => void)[] = [];
  #free = 1024;

  /** @param shared for several threads; an environment that has no shared memory refuses it. */
  constructor(shared: boolean) {
    this.shared = shared;
    this.code = buildArithmetic({ shared, initialPages: 1, maximumPages: MAXIMUM_PAGES });
    const limits = { initial: 1, maximum: MAXIMUM_PAGES, shared };
    this.wasm = new WebAssembly.Memory(limits);
  }

  /** Address of so many bytes, a multiple of 64; what stood there before stands there still. */
  take(bytes: number): number {
    // Not by bits, which are those of a signed number: there may be more than 2 GB.
    const address = Math.ceil(this.#free / 64) * 64;
    this.#free = address + bytes;
    const missing = this.#free + PAGE_BYTES - this.wasm.buffer.byteLength;
    if (missing > 0) this.wasm.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }

  /** Runs `work`, gives back what was taken meanwhile, and overwrites it with zeros. Such works nest; they do not overlap. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#free;
    try {
      return await work();
    } finally {
      this.#release(before);
    }
  }

  /** Runs `work`, and keeps what was taken meanwhile unless it fails. */
  async keeping<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#free;
    try {
      return await work();
    } catch (error) {
      this.#release(before);
      throw error;
    }
  }

  #release(before: number): void {
    this.bytes(before, this.#free - before).fill(0);
    this.#free = before;
    for (const forget of this.#holders) forget(before);
  }

  /** Tells who keeps addresses where the bytes that are still taken end. */
  onRelease(forget: (end: number) => void): void {
    this.#holders.push(forget);
  }

  /** A view of memory; where it is not shared, it dies with the next bytes that are taken. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.buffer, address, length);
  }

  /** The same in words of 32 bits. */
  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.wasm.buffer, address, count);
  }
}

const NOTHING = { address: 0, bytes: 0 };

/** The same machine, where each job tells how many seconds it took. */
export function timed(machine: Machine, onJob: (seconds: number) => void): Machine {
  const run = async (job: Job) => {
    const seconds = await machine.run(job);
    onJob(seconds);
    return seconds;
  };
  return { memory: machine.memory, threads: machine.threads, run };
}

/** What a thread has for itself. */
export class ThreadMemory {
  readonly #memory: ArithmeticMemory;
  readonly #scratch: number;
  readonly #area: number;
  #lists = NOTHING;
  #sums = NOTHING;

  constructor(memory: ArithmeticMemory) {
    this.#memory = memory;
    this.#scratch = memory.take(memory.code.scratchBytes);
    this.#area = memory.take(memory.code.areaBytes);
    memory.onRelease((end) => {
      // Lists and values in them tell of the scalars of the last sum.
      memory.bytes(this.#scratch, memory.code.scratchBytes).fill(0);
      memory.bytes(this.#area, memory.code.areaBytes).fill(0);
      if (this.#lists.address >= end) this.#lists = NOTHING;
      if (this.#sums.address >= end) this.#sums = NOTHING;
    });
  }

  /** The call that has to come before those of a job. */
  begin({ listBytes = 0, sumBytes = 0 }: Job): Call {
    if (listBytes > this.#lists.bytes) this.#lists = this.#larger(listBytes);
    if (sumBytes > this.#sums.bytes) this.#sums = this.#larger(sumBytes);
    return ["begin", this.#scratch, this.#area, this.#lists.address, this.#sums.address];
  }

  #larger(bytes: number): { address: number; bytes: number } {
    return { address: this.#memory.take(bytes), bytes };
  }
}

/** A machine of the calling thread: for an environment without threads, and for little work. */
export function singleThread(): Machine {
  const memory = new ArithmeticMemory(false);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(memory.code.bytes), {
    env: { memory: memory.wasm },
  });
  const functions = exports as unknown as ArithmeticExports;
  const own = new ThreadMemory(memory);
  return {
    memory,
    threads: 1,
    run: async (job) => {
      const since = performance.now();
      for (const [name, ...args] of [own.begin(job), ...job.calls]) functions[name]!(...args);
      return (performance.now() - since) / 1000;
    },
  };
}
