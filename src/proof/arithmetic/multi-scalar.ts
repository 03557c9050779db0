import { BASE_FIELD, fromLimbs, fromMontgomery, LANES, LIMBS, limbsOf, toMontgomery } from "./limbs.js";
import type { ArithmeticMemory, Job, Machine } from "./machine.js";
import { G1_LAYOUT, G2_LAYOUT, type PointLayout } from "./pairs-code.js";
import { HALF_BITS, SCALAR_BYTES } from "./split-code.js";
import { CHUNK, MAX_WINDOW_BITS } from "./sum-code.js";

/** How points of each group lie in memory. */
export const LAYOUTS = { g1: G1_LAYOUT, g2: G2_LAYOUT };

/** Points in memory, and for each the wire whose scalar it is multiplied by. */
export interface PointList {
  readonly group: "g1" | "g2";
  readonly points: number;
  readonly wires: number;
  readonly count: number;
}

/** Size in bytes of a point of a file: affine, two or four elements of 32 bytes. */
export const filePointBytes = (group: "g1" | "g2"): number => 64 * LAYOUTS[group].degree;

/** Reads points of files into memory, one portion after the other; those at infinity, which are all zero, are left out. */
export class PointReader {
  readonly #machine: Machine;
  readonly #layout: PointLayout;
  readonly #points: number;
  readonly #wires: number;
  readonly #capacity: number;
  #count = 0;

  /** @param capacity how many points there can be. */
  constructor(machine: Machine, group: "g1" | "g2", capacity: number) {
    const { memory } = machine;
    this.#machine = machine;
    this.#layout = LAYOUTS[group];
    this.#capacity = capacity;
    // A portion is read by fours, the last of which may be incomplete.
    this.#points = memory.take((capacity + LANES) * this.#layout.givenBytes);
    this.#wires = memory.take(4 * capacity);
  }

  /** @param portion points in the form of a file, of the wires from `firstWire` on, or of the wires given one by one. */
  async add(portion: Uint8Array, wires: number | readonly number[]): Promise<void> {
    const { memory } = this.#machine;
    const { name, givenBytes } = this.#layout;
    const size = filePointBytes(name);
    const total = portion.length / size;
    await memory.during(async () => {
      const source = memory.take(portion.length);
      const list = memory.take(4 * (total + LANES));
      memory.bytes(source, portion.length).set(portion);
      const words = memory.words(source, portion.length / 4);
      const addresses = memory.words(list, total + LANES);
      const wireList = memory.words(this.#wires, this.#capacity);
      let kept = 0;
      for (let index = 0; index < total; index++) {
        if (isZero(words, (index * size) / 4, size / 4)) continue;
        wireList[this.#count + kept] = typeof wires === "number" ? wires + index : wires[index]!;
        addresses[kept++] = source + index * size;
      }
      for (let index = kept; index % LANES !== 0; index++) addresses[index] = addresses[kept - 1]!;
      const to = this.#points + this.#count * givenBytes;
      this.#count += kept;
      await this.#machine.run({ calls: [[`${name}_fromFile`, list, Math.ceil(kept / LANES), to]] });
    });
  }

  get list(): PointList {
    return { group: this.#layout.name, points: this.#points, wires: this.#wires, count: this.#count };
  }
}

function isZero(words: Uint32Array, start: number, count: number): boolean {
  for (let index = start; index < start + count; index++) if (words[index] !== 0) return false;
  return true;
}

/** Windows of the halves of scalars, from the lowest bit on. */
interface Windows {
  readonly width: number;
  readonly bits: readonly { readonly bit: number; readonly width: number }[];
}

function windowsOf(width: number): Windows {
  const count = Math.ceil(HALF_BITS / width);
  const bits = Array.from({ length: count }, (_, index) => ({
    bit: index * width,
    width: Math.min(width, HALF_BITS - index * width),
  }));
  return { width, bits };
}

/** The width with the fewest additions for so many points. */
export function windowWidth(points: number): number {
  const cost = (width: number) =>
    Math.ceil(HALF_BITS / width) * (2 * points + 2 ** width + ADDITIONS_OF_A_WINDOW);
  let best = 2;
  for (let width = 3; width <= MAX_WINDOW_BITS; width++) if (cost(width) < cost(best)) best = width;
  return best;
}

/** What a window costs in any case, as additions: its inversions. */
const ADDITIONS_OF_A_WINDOW = 5_000;

/** The scalars of a sum, split in two halves by the endomorphism, with the offset of their digits. */
export interface Scalars {
  readonly halves: number;
  readonly width: number;
}

/** Splits `count` plain scalars at an address, below r each, for windows of a width. */
export async function splitScalars(
  machine: Machine,
  scalars: number,
  count: number,
  width: number,
): Promise<Scalars> {
  const { memory } = machine;
  const offset = memory.take(SCALAR_BYTES);
  const halves = memory.take(count * SCALAR_BYTES + 16);
  const value = windowsOf(width).bits.reduce(
    (sum, window) => sum + (1n << BigInt(window.bit + window.width - 1)),
    0n,
  );
  writeWords(memory, offset, value, HALF_BITS / 32);
  await machine.run({ calls: [["splitScalars", scalars, count, offset, halves]], urgent: true });
  return { halves, width };
}

/** Writes an integer as words of 32 bits. */
export function writeWords(memory: ArithmeticMemory, address: number, value: bigint, count: number): void {
  const words = memory.words(address, count);
  for (let index = 0; index < count; index++)
    words[index] = Number((value >> BigInt(32 * index)) & 0xffffffffn);
}

/**
 * The sum of scalar times point over a list: the address of the sum.
 * @param scalars split, by the numbers of wires.
 */
export async function multiScalarSum(
  machine: Machine,
  list: PointList,
  { halves, width }: Scalars,
  urgent = false,
): Promise<number> {
  const { memory } = machine;
  const { name, sumBytes } = LAYOUTS[list.group];
  const { bits } = windowsOf(width);
  const sums = bits.map(() => memory.take(sumBytes));
  const total = memory.take(sumBytes);
  const references = memory.take(4 * bits.length);
  memory.words(references, bits.length).set(sums);
  const entries = 2 * list.count;
  const chunks = Math.ceil(entries / CHUNK) + 1;
  const kept = Math.min(entries, 2 ** width + chunks);
  const needs = {
    listBytes: 32 * list.count + Math.max(8 * list.count, 32 * kept) + 1024,
    sumBytes: (kept + chunks + 2 ** (width / 2 + 3) + 1024) * sumBytes,
  };
  await Promise.all(
    bits.map((window, index) =>
      machine.run({
        calls: [
          [
            `${name}_sumWindow`,
            halves,
            list.wires,
            list.count,
            window.bit,
            window.width,
            list.points,
            sums[index]!,
          ],
        ],
        ...needs,
        urgent,
      }),
    ),
  );
  await machine.run({ calls: [[`${name}_horner`, references, bits.length, width, total]], urgent: true });
  return total;
}

/** The job that adds up `scalar times point` by doubling: for single points. */
export function timesJob(
  memory: ArithmeticMemory,
  group: "g1" | "g2",
  reference: number,
  scalar: bigint,
  out: number,
): Job {
  const bits = scalar.toString(2).length;
  const list = memory.take(4 * bits);
  memory
    .words(list, bits)
    .set(Array.from({ length: bits }, (_, bit) => ((scalar >> BigInt(bit)) & 1n ? reference : 0)));
  return { calls: [[`${group}_horner`, list, bits, 1, out]], urgent: true };
}

/** Writes a sum with these coordinates, x before y, or infinity. */
export function writePoint(
  memory: ArithmeticMemory,
  group: "g1" | "g2",
  address: number,
  coordinates: readonly bigint[] | undefined,
): void {
  const { sumBytes, infinityOffset } = LAYOUTS[group];
  const words = memory.words(address, sumBytes / 4).fill(0);
  for (const [index, value] of (coordinates ?? []).entries()) {
    words.set(limbsOf(toMontgomery(BASE_FIELD, value)), LIMBS * index);
  }
  words[infinityOffset / 4] = coordinates === undefined ? 0xffffffff : 0;
}

/** The coordinates of a sum in [0, q), x before y; undefined at infinity. */
export function readPoint(
  memory: ArithmeticMemory,
  group: "g1" | "g2",
  address: number,
): bigint[] | undefined {
  const { degree, infinityOffset } = LAYOUTS[group];
  const words = memory.words(address, LAYOUTS[group].sumBytes / 4);
  if (words[infinityOffset / 4] !== 0) return undefined;
  return Array.from({ length: 2 * degree }, (_, index) =>
    fromMontgomery(BASE_FIELD, fromLimbs(words.subarray(LIMBS * index, LIMBS * (index + 1)))),
  );
}
