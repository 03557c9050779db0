import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Domain } from "../../../src/proof/arithmetic/index.js";
import { SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { singleThreadCurve } from "../../../src/proof/curve/index.js";
import { COEFFICIENT_BYTES } from "../../../src/proof/keys/index.js";
import { Bench, edgeForms } from "./memory.js";

const r = SCALAR_FIELD.order;

/** Values that differ from place to place, some of them zero. */
const value = (seed: bigint, index: number) =>
  index % 5 === 3 ? 0n : (seed ** 9n * BigInt(index + 1) ** 7n) % r;

describe("the domain of a key", () => {
  // Up to 4,096 groups: more than a block of stages.
  it.each([2, 3, 4, 5, 7, 14])(
    "gives A B - C over the odd coset as ffjavascript does: 2^%i elements",
    async (bits) => {
      const size = 2 ** bits;
      const bench = new Bench();
      const { memory } = bench;
      const indices = Array.from({ length: size }, (_, index) => index);
      const scalars = memory.take(32 * size);
      for (const index of indices) bench.scalar(value(11n, index), scalars + 32 * index);
      // A row is a sum of coefficient times wire: one of A, two of B.
      const rows = indices.flatMap((index) => [
        { matrix: 0, row: index, wire: (index * 3) % size, factor: value(5n, index) },
        { matrix: 1, row: index, wire: index, factor: r - 1n },
        { matrix: 1, row: index, wire: (index * 5 + 1) % size, factor: value(7n, index) },
      ]);
      const total = Math.ceil(rows.length / 4) * 4;
      const coefficients = memory.take(total * COEFFICIENT_BYTES);
      for (const [index, { matrix, row, wire, factor }] of rows.entries()) {
        const at = coefficients + index * COEFFICIENT_BYTES;
        memory.words(at, 3).set([matrix, row, wire]);
        bench.scalar((factor << 512n) % r, at + 12);
      }
      const domain = await Domain.prepare(bench.machine, bits);
      const [a, b] = [domain.zeros(), domain.zeros()];
      await bench.call("rows", coefficients, total / 4, scalars, a, b, domain.groups);
      const quotient = await domain.quotient(bench.machine, a, b);

      const { Fr } = await singleThreadCurve();
      const values = [0, 1].map((matrix) => {
        const sums = indices.map(() => 0n);
        for (const row of rows) {
          if (row.matrix === matrix) sums[row.row] = (sums[row.row]! + row.factor * value(11n, row.wire)) % r;
        }
        return sums;
      });
      const product = values[0]!.map((element, index) => (element * values[1]![index]!) % r);
      const coset = await Promise.all(
        [...values, product].map(async (list) => {
          const buffer = new Uint8Array(32 * size);
          for (const [index, element] of list.entries()) buffer.set(Fr.e(element), 32 * index);
          return Fr.fft(await Fr.batchApplyKey(await Fr.ifft(buffer), Fr.e(1), Fr.w[bits + 1]!));
        }),
      );
      const at = (list: Uint8Array, index: number) =>
        Fr.toObject(list.slice(32 * index, 32 * index + 32)) as bigint;
      for (const index of indices) {
        const [x, y, z] = coset.map((list) => at(list, index)) as [bigint, bigint, bigint];
        expect(bench.words(quotient + 32 * index, 8)).toBe((((x * y - z) % r) + r) % r);
      }
    },
  );

  it("gives zero where A and C are zero, written as zero", async () => {
    const bench = new Bench();
    const domain = await Domain.prepare(bench.machine, 3);
    const [a, b] = [domain.zeros(), domain.zeros()];
    bench.memory.bytes(b, 144).set(bench.memory.bytes(bench.group([1n, 2n, 3n, 4n]), 144));
    const quotient = await domain.quotient(bench.machine, a, b);
    expect(Array.from({ length: 8 }, (_, index) => bench.words(quotient + 32 * index, 8))).toEqual(
      Array(8).fill(0n),
    );
  });

  it("adds coefficients to the rows of A and of B, however many, and keeps the sums small", async () => {
    const bench = new Bench();
    const { memory } = bench;
    const domain = await Domain.prepare(bench.machine, 3);
    const [a, b] = [domain.zeros(), domain.zeros()];
    const wires = [1n, r - 1n, value(3n, 0), value(3n, 1)];
    const scalars = memory.take(32 * wires.length);
    for (const [index, wire] of wires.entries()) bench.scalar(wire, scalars + 32 * index);
    const entries = Array.from({ length: 400 }, (_, index) => ({
      matrix: index % 2,
      row: index % 3 === 0 ? index % 8 : 5 + (index % 2),
      wire: index % wires.length,
      factor: index % 5 === 0 ? r - 1n : value(7n, index),
    }));
    const coefficients = memory.take(entries.length * COEFFICIENT_BYTES);
    for (const [index, { matrix, row, wire, factor }] of entries.entries()) {
      const at = coefficients + index * COEFFICIENT_BYTES;
      memory.words(at, 3).set([matrix, row, wire]);
      bench.scalar((factor << 512n) % r, at + 12);
    }
    await bench.call("rows", coefficients, entries.length / 4, scalars, a, b, domain.groups);
    for (const [matrix, rows] of [a, b].entries()) {
      for (let row = 0; row < 8; row++) {
        const sum = entries
          .filter((entry) => entry.matrix === matrix && entry.row === row)
          .reduce((total, { wire, factor }) => total + wires[wire]! * factor, 0n);
        // Two groups: row 2 is the second lane of the first one.
        const form = bench.forms(rows + 144 * (row % 2))[Math.floor(row / 2)]!;
        expect(form).toBeLessThan(2n * r + (1n << 232n));
        // Plain values times 2^251, of which 2^261 would be the form.
        expect(form % r).toBe(((sum % r) << 251n) % r);
      }
    }
  });

  it("adds one lane to another, whatever multiple of the order stands in them", async () => {
    const bench = new Bench();
    const bound = 2n * r + (1n << 232n);
    const forms = (end: bigint) =>
      fc.oneof(
        fc.constantFrom(...edgeForms(SCALAR_FIELD).filter((form) => form < end)),
        fc.bigInt({ min: 0n, max: end - 1n }),
      );
    // What is added is a product.
    const [added, sum] = [forms(2n * r), forms(bound)];
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(added, added, added, added),
        fc.tuple(sum, sum, sum, sum),
        fc.nat(3),
        fc.nat(3),
        (from, to, first, second) =>
          bench.memory.during(async () => {
            const [source, target] = [bench.group(from), bench.group(to)];
            await bench.call("addLane", source + 4 * first, target + 4 * second);
            const sums = bench.forms(target);
            expect(sums.toSpliced(second, 1)).toEqual(to.toSpliced(second, 1));
            expect(sums[second]!).toBeLessThan(bound);
            expect(sums[second]! % r).toBe((from[first]! + to[second]!) % r);
            expect(bench.memory.words(target, 36).every((word) => word < 2 ** 29)).toBe(true);
          }),
      ),
      { numRuns: 300 },
    );
  });
});
