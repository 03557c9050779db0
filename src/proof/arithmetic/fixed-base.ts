import type { ArithmeticMemory, Call, Machine } from "./machine.js";
import { LAYOUTS, writePoint, writeWords } from "./multi-scalar.js";
import type { PointLayout } from "./pairs-code.js";
import { SCALAR_BYTES } from "./split-code.js";
import { CHUNK } from "./sum-code.js";

const BATCH = 1 << 12;
const SMALLEST_BATCH = 1 << 10;

/** Coordinates of the generators as EIP-197 has them, real parts first. */
export const GENERATORS = {
  g1: [1n, 2n],
  g2: [
    10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    11559732032986387107991004021392285783925812861821192530917403151452391805634n,
    8495653923123431417604973247489272438418190587263600148770280649306958101930n,
    4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  ],
} as const;

/** Multiplies the generator of G1 or G2 by many scalars, on all threads of a machine. */
export class FixedBase {
  readonly #machine: Machine;
  readonly #layout: PointLayout;
  readonly #width: number;
  readonly #table: number;

  private constructor(machine: Machine, layout: PointLayout, width: number, table: number) {
    this.#machine = machine;
    this.#layout = layout;
    this.#width = width;
    this.#table = table;
  }

  /**
   * Computes the table: for every window of a scalar half of the multiples of the generator, for digits have a sign.
   * @param options.large about a million multiplications are to come, so a large table pays off.
   */
  static async prepare(
    machine: Machine,
    options: { readonly group: "g1" | "g2"; readonly large: boolean },
  ): Promise<FixedBase> {
    const { memory } = machine;
    const layout = LAYOUTS[options.group];
    const { name, sumBytes } = layout;
    // Both divide 256, and the highest digit of 254 bits takes no carry beyond.
    const width = options.large ? 16 : 8;
    const size = 2 ** (width - 1);
    const rows = Array.from({ length: (8 * SCALAR_BYTES) / width }, (_, row) => row);
    const table = memory.take(rows.length * size * sumBytes);
    const addressOf = (row: number) => table + row * size * sumBytes;
    writePoint(memory, name, table, GENERATORS[name]);
    // 2^width times the row before, as a sum of Horner's of nothing and one point.
    const list = memory.take(8 * rows.length);
    const shifts = rows.slice(1).map((row): Call => {
      memory.words(list + 8 * row, 2).set([0, addressOf(row - 1)]);
      return [`${name}_horner`, list + 8 * row, 2, width, addressOf(row)];
    });
    await machine.run({ calls: shifts });
    await Promise.all(
      rows.map((row) => machine.run({ calls: [[`${name}_tableRow`, addressOf(row), size]] })),
    );
    return new FixedBase(machine, layout, width, table);
  }

  /** Weight of one multiplication, for progress: G2 works in the quadratic extension. */
  get weight(): number {
    return this.#layout.name === "g1" ? 1 : 3;
  }

  /**
   * Multiples of the generator by plain scalars below r, 32 bytes each: affine points in Montgomery form, in order. Calls do not overlap.
   * @param onDone is told how many more are done, for progress.
   */
  multiply(scalars: Uint8Array, onDone: (points: number) => void = () => {}): Promise<Uint8Array[]> {
    const { memory, threads } = this.#machine;
    const { name, degree, sumBytes } = this.#layout;
    const count = scalars.length / SCALAR_BYTES;
    const pointBytes = 64 * degree;
    const windows = (8 * SCALAR_BYTES) / this.#width;
    const batch = Math.min(BATCH, Math.max(SMALLEST_BATCH, Math.ceil(count / threads)));
    return memory.during(async () => {
      const offset = this.#offset(memory);
      // The last digit is read as a word that ends past the last scalar.
      const from = memory.take(scalars.length + 4);
      const to = memory.take(count * pointBytes);
      memory.bytes(from, scalars.length).set(scalars);
      memory.bytes(to, count * pointBytes).fill(0);
      const rowBytes = 2 ** (this.#width - 1) * sumBytes;
      const jobs = Array.from({ length: Math.ceil(count / batch) }, async (_, index) => {
        const first = index * batch;
        const size = Math.min(batch, count - first);
        const entries = size * windows;
        const source = from + first * SCALAR_BYTES;
        const target = to + first * pointBytes;
        await this.#machine.run({
          calls: [
            ["addOffset", source, size, offset],
            [`${name}_multiplyFixed`, source, size, this.#table, rowBytes, this.#width, target],
          ],
          listBytes: 20 * entries + 1024,
          sumBytes: (2 * size + 2 * Math.ceil(entries / CHUNK) + 64) * sumBytes,
        });
        onDone(size);
        return memory.bytes(target, size * pointBytes).slice();
      });
      return Promise.all(jobs);
    });
  }

  /** The highest bit of every digit. */
  #offset(memory: ArithmeticMemory): number {
    const address = memory.take(SCALAR_BYTES);
    let value = 0n;
    for (let bit = this.#width - 1; bit < 8 * SCALAR_BYTES; bit += this.#width) value += 1n << BigInt(bit);
    writeWords(memory, address, value, SCALAR_BYTES / 4);
    return address;
  }
}
