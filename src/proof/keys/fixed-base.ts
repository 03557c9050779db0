import type { Curve } from "ffjavascript";
import { SCALAR_BYTES, type ScalarMemory } from "./scalar-memory.js";
import type { WorkerPool } from "./worker-pool.js";

const BATCH = 1 << 16;
const SMALLEST_BATCH = 1 << 10;

/** Multiplies the generator of G1 or G2 by many scalars, on all threads. */
export class FixedBase {
  readonly #pool: WorkerPool;
  readonly #group: "G1" | "G2";
  readonly #coordinateBytes: number;
  readonly #windowBits: number;
  readonly #table: Uint8Array;

  private constructor(
    pool: WorkerPool,
    group: "G1" | "G2",
    coordinateBytes: number,
    windowBits: number,
    table: Uint8Array,
  ) {
    this.#pool = pool;
    this.#group = group;
    this.#coordinateBytes = coordinateBytes;
    this.#windowBits = windowBits;
    this.#table = table;
  }

  /**
   * Computes the tables: for every window of the scalar all multiples of the generator, affine.
   * @param options.large about a million multiplications are to come, so a large table pays off.
   */
  static async prepare(
    pool: WorkerPool,
    curve: Curve,
    options: { group: "G1" | "G2"; large: boolean },
  ): Promise<FixedBase> {
    // Widths whose windows cover 254 bits without passing bit 256, where the next scalar begins.
    const windowBits = options.large ? 15 : 8;
    const group = curve[options.group];
    const coordinateBytes = group.F.n8;
    const rows = 1 << windowBits;
    const rowsBytes = rows * 2 * coordinateBytes;
    const windows = windowCount(windowBits);
    const table = new Uint8Array(new SharedArrayBuffer(windows * rowsBytes));
    const jobs: Promise<void>[] = [];
    let base = group.g;
    for (let window = 0; window < windows; window++) {
      const affine = new Uint8Array(2 * coordinateBytes);
      group.toRprLEM(affine, 0, base);
      const job = windowTable(pool, options.group, affine, rows);
      jobs.push(job.then((bytes) => table.set(bytes, window * rowsBytes)));
      for (let bit = 0; bit < windowBits; bit++) base = group.double(base);
    }
    await Promise.all(jobs);
    return new FixedBase(pool, options.group, coordinateBytes, windowBits, table);
  }

  /** Weight of one multiplication, for progress: G2 works in the quadratic extension. */
  get weight(): number {
    return this.#group === "G1" ? 1 : 3;
  }

  /**
   * Multiples of the generator by `count` plain scalars at `address`: affine points in Montgomery form, in order.
   * @param onDone is told how many more are done, for progress.
   */
  async multiply(
    memory: ScalarMemory,
    address: number,
    count: number,
    onDone: (points: number) => void,
  ): Promise<readonly Uint8Array[]> {
    const batch = Math.min(BATCH, Math.max(SMALLEST_BATCH, Math.ceil(count / this.#pool.size)));
    const jobs: Promise<Uint8Array>[] = [];
    for (let start = 0; start < count; start += batch) {
      const size = Math.min(batch, count - start);
      const scalars = memory.bytes(address + start * SCALAR_BYTES, size * SCALAR_BYTES);
      jobs.push(
        this.#multiplyBatch(scalars, size).then((points) => {
          onDone(size);
          return points;
        }),
      );
    }
    return Promise.all(jobs);
  }

  #multiplyBatch(scalars: Uint8Array, count: number): Promise<Uint8Array> {
    // The last digit is read as a 32-bit word that ends past the last scalar.
    const padded = new Uint8Array(scalars.length + 4);
    padded.set(scalars);
    const inverseBytes = count * this.#coordinateBytes;
    const pointBytes = 2 * inverseBytes;
    return this.#pool.run({
      buffers: [this.#table, padded, inverseBytes, pointBytes],
      calls: [
        [
          `${this.#group.toLowerCase()}m_fixedBaseMultiply`,
          { buffer: 0 },
          this.#windowBits,
          windowCount(this.#windowBits),
          { buffer: 1 },
          count,
          { buffer: 2 },
          { buffer: 3 },
        ],
      ],
      scratchBytes: inverseBytes + 4096,
      result: { buffer: 3, bytes: pointBytes },
    });
  }
}

function windowCount(windowBits: number): number {
  return Math.ceil(254 / windowBits);
}

function windowTable(pool: WorkerPool, group: string, base: Uint8Array, rows: number): Promise<Uint8Array> {
  const prefix = `${group.toLowerCase()}m`;
  const rowBytes = base.length;
  const jacobianBytes = (rows * rowBytes * 3) / 2;
  return pool.run({
    buffers: [base, jacobianBytes],
    calls: [
      [`${prefix}_fixedBaseTable`, { buffer: 0 }, rows, { buffer: 1 }],
      [`${prefix}_batchToAffine`, { buffer: 1 }, rows, { buffer: 1 }],
    ],
    scratchBytes: jacobianBytes + 4096,
    result: { buffer: 1, bytes: rows * rowBytes },
  });
}
