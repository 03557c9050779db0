import { bn254 } from "@noble/curves/bn254.js";
import fc from "fast-check";
import { LAMBDA } from "../../../src/proof/arithmetic/endomorphism.js";
import {
  type Job,
  type Machine,
  singleThread,
  ThreadMemory,
  writeWords,
} from "../../../src/proof/arithmetic/index.js";
import {
  ELEMENT_BYTES,
  fromLimbs,
  GROUP_BYTES,
  LANES,
  LIMBS,
  limbsOf,
  type PrimeField,
  SCALAR_FIELD,
  toMontgomery,
} from "../../../src/proof/arithmetic/limbs.js";
import type { ArithmeticExports } from "../../../src/proof/arithmetic/module.js";

/** The module on this thread, and its memory in values. */
export class Bench {
  readonly machine: Machine = singleThread();
  readonly #functions: ArithmeticExports;
  readonly #thread: ThreadMemory;

  constructor() {
    const { memory } = this.machine;
    // An instance of its own on the same memory, for what functions give back.
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(memory.code.bytes), {
      env: { memory: memory.wasm },
    });
    this.#functions = exports as unknown as ArithmeticExports;
    this.#thread = new ThreadMemory(memory);
  }

  get memory() {
    return this.machine.memory;
  }

  call(name: string, ...args: number[]): Promise<number> {
    return this.machine.run({ calls: [[name, ...args]] });
  }

  /** What a function gives back. */
  result(needs: Omit<Job, "calls">, name: string, ...args: number[]): number {
    const [begin, ...places] = this.#thread.begin({ ...needs, calls: [] });
    this.#functions[begin]!(...places);
    return this.#functions[name]!(...args);
  }

  /** Address of a group of four elements as they are given: forms, not values. */
  group(forms: readonly bigint[] = [0n, 0n, 0n, 0n]): number {
    const address = this.memory.take(GROUP_BYTES);
    const words = this.memory.words(address, LANES * LIMBS);
    for (const [lane, form] of forms.entries()) {
      for (const [index, limb] of limbsOf(form).entries()) words[LANES * index + lane] = limb;
    }
    return address;
  }

  forms(address: number): bigint[] {
    const words = this.memory.words(address, LANES * LIMBS);
    return Array.from({ length: LANES }, (_, lane) =>
      fromLimbs(Array.from({ length: LIMBS }, (_, index) => words[LANES * index + lane]!)),
    );
  }

  /**
   * Address of a sum with these coordinates, or of infinity.
   * @param raised that many times the order is added to the form of each.
   */
  point(
    layout: { sumBytes: number; infinityOffset: number },
    field: PrimeField,
    coordinates?: readonly bigint[],
    raised: readonly bigint[] = [],
  ): number {
    const address = this.memory.take(layout.sumBytes);
    const words = this.memory.words(address, layout.sumBytes / 4).fill(0);
    for (const [index, value] of (coordinates ?? []).entries()) {
      const form = toMontgomery(field, value) + (raised[index] ?? 0n) * field.order;
      words.set(limbsOf(form), (ELEMENT_BYTES / 4) * index);
    }
    words[layout.infinityOffset / 4] = coordinates === undefined ? 0xffffffff : 0;
    return address;
  }

  /** Writes an integer, 32 bytes unless told otherwise. */
  scalar(value: bigint, address = this.memory.take(32), count = 8): number {
    writeWords(this.memory, address, value, count);
    return address;
  }

  /** The form of an element that stands alone. */
  element(address: number): bigint {
    return fromLimbs(this.memory.words(address, LIMBS));
  }

  words(address: number, count: number): bigint {
    return this.memory.words(address, count).reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  }
}

/** Values that an element may be written as without being reduced. */
export function edgeForms({ order }: PrimeField): bigint[] {
  const top = 2n * order + (1n << 232n) - 1n;
  return [
    0n,
    1n,
    order - 1n,
    order,
    order + 1n,
    2n * order - 1n,
    2n * order,
    top,
    (1n << 29n) - 1n,
    (1n << 232n) - 1n,
  ];
}

const multiples = new Map<string, bigint[] | undefined>();

/** Coordinates of a multiple of the generator, by another library; undefined at infinity. */
export function multiple(group: "g1" | "g2", scalar: bigint): bigint[] | undefined {
  const key = `${group} ${scalar}`;
  if (!multiples.has(key)) multiples.set(key, scalar === 0n ? undefined : multiplied(group, scalar));
  return multiples.get(key);
}

function multiplied(group: "g1" | "g2", scalar: bigint): bigint[] {
  if (group === "g1") {
    const { x, y } = bn254.G1.Point.BASE.multiply(scalar).toAffine();
    return [x, y];
  }
  const { x, y } = bn254.G2.Point.BASE.multiply(scalar).toAffine();
  return [x.c0, x.c1, y.c0, y.c1];
}

const r = SCALAR_FIELD.order;

/** Scalars where splitting them, or their digits, could go wrong. */
export const EDGE_SCALARS: readonly bigint[] = [
  0n,
  1n,
  2n,
  r - 1n,
  r - 2n,
  LAMBDA,
  r - LAMBDA,
  (2n * LAMBDA) % r,
  (3n * LAMBDA) % r,
  (1n << 64n) - 1n,
  1n << 128n,
  1n << 253n,
  r >> 1n,
];

/** A plain scalar below r, often one of the edges. */
export const plainScalar = fc.oneof(fc.constantFrom(...EDGE_SCALARS), fc.bigInt({ min: 0n, max: r - 1n }));
