import { type Machine, singleThread } from "../../../src/proof/arithmetic/index.js";
import {
  ELEMENT_BYTES,
  fromLimbs,
  GROUP_BYTES,
  LANES,
  LIMBS,
  limbsOf,
  type PrimeField,
  toMontgomery,
} from "../../../src/proof/arithmetic/limbs.js";

/** The module on this thread, and its memory in values. */
export class Bench {
  readonly machine: Machine = singleThread();

  get memory() {
    return this.machine.memory;
  }

  call(name: string, ...args: number[]): Promise<number> {
    return this.machine.run({ calls: [[name, ...args]] });
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

  /** Address of a sum with these coordinates, or of infinity. */
  point(
    layout: { sumBytes: number; infinityOffset: number },
    field: PrimeField,
    coordinates?: readonly bigint[],
  ): number {
    const address = this.memory.take(layout.sumBytes);
    const words = this.memory.words(address, layout.sumBytes / 4).fill(0);
    for (const [index, value] of (coordinates ?? []).entries()) {
      words.set(limbsOf(toMontgomery(field, value)), (ELEMENT_BYTES / 4) * index);
    }
    words[layout.infinityOffset / 4] = coordinates === undefined ? 0xffffffff : 0;
    return address;
  }

  /** Writes a 256-bit integer, 32 bytes. */
  scalar(value: bigint, address = this.memory.take(32)): number {
    const words = this.memory.words(address, 8);
    for (let index = 0; index < 8; index++)
      words[index] = Number((value >> BigInt(32 * index)) & 0xffffffffn);
    return address;
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
