import {
  ELEMENT_BYTES,
  GROUP_BYTES,
  LANES,
  LIMBS,
  limbsOf,
  powerModulo,
  SCALAR_FIELD,
  toMontgomery,
} from "./limbs.js";
import type { ArithmeticMemory, Call, Machine } from "./machine.js";
import { SCALAR_BYTES } from "./split-code.js";

const r = SCALAR_FIELD.order;

/** A generator of the multiplicative group of the scalar field, and how often 2 divides that group's order. */
const GENERATOR = 5n;
const TWO_ADICITY = 28;

/** Groups whose stages are done together: what stays near the core. */
const BLOCK_GROUPS = 1024;

/** Frequencies of the lanes, after the stages across lanes (transform-code.ts). */
const LANE_FREQUENCIES = [0n, 2n, 1n, 3n];

/** The primitive root of unity of order 2^bits that snarkjs' keys use: a power of 5. */
function rootOfUnity(bits: number): bigint {
  return powerModulo(
    powerModulo(GENERATOR, (r - 1n) >> BigInt(TWO_ADICITY), r),
    1n << BigInt(TWO_ADICITY - bits),
    r,
  );
}

interface Direction {
  /** Addresses: of the root of order 4 in the last lane, of the powers across lanes, and of those within. */
  readonly quarter: number;
  readonly across: number;
  readonly within: number;
}

/**
 * The evaluation domain of a key, its tables in memory. Two coefficients are two powers of 2^-10 away from what they stand for: a coefficient of
 * a key is written times 2^512, so that its product with a plain scalar comes out times 2^251, and a form has 2^261.
 */
export class Domain {
  readonly size: number;
  readonly #machine: Machine;
  readonly #memory: ArithmeticMemory;
  readonly groups: number;
  #inverse!: Direction;
  #forward!: Direction;
  #shift!: number;
  #correction!: number;

  private constructor(machine: Machine, bits: number) {
    this.#machine = machine;
    this.#memory = machine.memory;
    this.size = 2 ** bits;
    this.groups = this.size / LANES;
  }

  /** @param bits of its size, at least 2. */
  static async prepare(machine: Machine, bits: number): Promise<Domain> {
    const domain = new Domain(machine, bits);
    const root = rootOfUnity(bits);
    domain.#inverse = await domain.#direction(powerModulo(root, r - 2n, r));
    domain.#forward = await domain.#direction(root);
    domain.#shift = await domain.#shiftTable(rootOfUnity(bits + 1));
    domain.#correction = domain.#constant(1n << 10n);
    return domain;
  }

  /** Address of `size` elements, all zero. */
  zeros(): number {
    const address = this.#memory.take(this.groups * GROUP_BYTES);
    this.#memory.bytes(address, this.groups * GROUP_BYTES).fill(0);
    return address;
  }

  /**
   * From the values of A and B over the domain, as `rows` writes them, those of (A B - C) over the odd coset, where C is their product over the
   * domain: plain scalars, which is what the points of a key's section H are multiplied by. Overwrites the values.
   */
  async quotient(machine: Machine, a: number, b: number): Promise<number> {
    const groups = this.groups;
    const c = this.#memory.take(groups * GROUP_BYTES);
    const scalars = this.#memory.take(this.size * SCALAR_BYTES);
    const run = (calls: readonly Call[]) => machine.run({ calls, urgent: true });
    await run([
      ["product", a, b, c, groups],
      ["times", c, this.#correction, groups, c],
    ]);
    await Promise.all([a, b, c].map((values) => run(this.#ontoCoset(values))));
    await run([["quotient", a, b, c, groups, scalars]]);
    return scalars;
  }

  /** Values over the domain into those over the odd coset. */
  #ontoCoset(values: number): Call[] {
    const groups = this.groups;
    const stages: Call[] = [];
    // Wide stages one by one, narrow ones block by block.
    const wide = (direction: Direction, name: string, half: number): Call[] =>
      Array.from({ length: groups / (2 * half) }, (_, index) => [
        name,
        values + index * 2 * half * GROUP_BYTES,
        half,
        direction.within,
        (groups / (2 * half)) * ELEMENT_BYTES,
      ]);
    const block = Math.min(groups, BLOCK_GROUPS);
    const blocks = (direction: Direction, name: string): Call[] =>
      Array.from({ length: groups / block }, (_, index) => [
        name,
        values + index * block * GROUP_BYTES,
        block,
        direction.within,
        groups,
      ]);
    const { quarter, across } = this.#inverse;
    stages.push(["acrossInverse", values, groups, quarter, across]);
    for (let half = groups / 2; half >= block; half /= 2)
      stages.push(...wide(this.#inverse, "stageInverse", half));
    stages.push(...blocks(this.#inverse, "blockInverse"));
    stages.push(["scale", values, this.#shift, groups]);
    stages.push(...blocks(this.#forward, "blockForward"));
    for (let half = block; half < groups; half *= 2)
      stages.push(...wide(this.#forward, "stageForward", half));
    stages.push(["acrossForward", values, groups, this.#forward.quarter, this.#forward.across]);
    return stages;
  }

  async #direction(root: bigint): Promise<Direction> {
    const groups = this.groups;
    const quarter = this.#group([1n, 1n, 1n, powerModulo(root, BigInt(groups), r)]);
    const across = this.#memory.take(groups * GROUP_BYTES);
    const inner = powerModulo(root, BigInt(LANES), r);
    const half = Math.max(1, groups / 2 / LANES);
    const spreadFrom = this.#memory.take(half * GROUP_BYTES);
    const within = this.#memory.take(half * LANES * ELEMENT_BYTES);
    const steps = LANE_FREQUENCIES.map((frequency) => powerModulo(root, frequency, r));
    const lanes = [0n, 1n, 2n, 3n].map((lane) => powerModulo(inner, lane, r));
    await this.#machine.run({
      calls: [
        ["powers", this.#constant(1n), this.#group(steps), groups, across],
        [
          "powers",
          this.#group(lanes),
          this.#constant(powerModulo(inner, BigInt(LANES), r)),
          half,
          spreadFrom,
        ],
        ["spread", spreadFrom, half, within],
      ],
    });
    return { quarter, across, within };
  }

  /** shift^k / size at the place of coefficient k, times 2^10: in lane l of group g that of 4 bitreversed(g) + frequency of l. */
  async #shiftTable(shift: bigint): Promise<number> {
    const groups = this.groups;
    const table = this.#memory.take(groups * GROUP_BYTES);
    const scale = powerModulo(BigInt(this.size), r - 2n, r) << 10n;
    const first = LANE_FREQUENCIES.map((frequency) => (scale * powerModulo(shift, frequency, r)) % r);
    this.#writeGroup(table, first);
    const calls: Call[] = [];
    for (let known = 1; known < groups; known *= 2) {
      const factor = this.#constant(powerModulo(shift, BigInt((LANES * groups) / (2 * known)), r));
      calls.push(["times", table, factor, known, table + known * GROUP_BYTES]);
    }
    await this.#machine.run({ calls });
    return table;
  }

  #constant(value: bigint): number {
    return this.#group([value, value, value, value]);
  }

  /** Address of a group of values. */
  #group(values: readonly bigint[]): number {
    const address = this.#memory.take(GROUP_BYTES);
    this.#writeGroup(address, values);
    return address;
  }

  #writeGroup(address: number, values: readonly bigint[]): void {
    const words = this.#memory.words(address, LANES * LIMBS);
    values.forEach((value, lane) => {
      limbsOf(toMontgomery(SCALAR_FIELD, value % r)).forEach((limb, index) => {
        words[LANES * index + lane] = limb;
      });
    });
  }
}
