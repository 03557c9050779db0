import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LAMBDA } from "../../../src/proof/arithmetic/endomorphism.js";
import { readPoint, timesJob } from "../../../src/proof/arithmetic/index.js";
import { BASE_FIELD, SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { ENDOMORPHISM, G1_LAYOUT, G2_LAYOUT, NEGATIVE } from "../../../src/proof/arithmetic/pairs-code.js";
import { CHUNK } from "../../../src/proof/arithmetic/sum-code.js";
import { Bench, multiple } from "./memory.js";

const r = SCALAR_FIELD.order;

describe.each([G1_LAYOUT, G2_LAYOUT])("sums in $name", (layout) => {
  const { name, sumBytes, givenBytes } = layout;

  /** Given points, their x for the endomorphism included: the first so many multiples of the generator. */
  const givenPoints = (bench: Bench, count: number) => {
    const first = bench.memory.take(count * givenBytes);
    for (let index = 0; index < count; index++) {
      const at = first + index * givenBytes;
      const scalar = BigInt(index + 1);
      const byLambda = bench.point(layout, BASE_FIELD, multiple(name, (scalar * LAMBDA) % r));
      const own = bench.point(layout, BASE_FIELD, multiple(name, scalar));
      bench.memory.bytes(at, sumBytes).set(bench.memory.bytes(own, sumBytes));
      bench.memory.bytes(at + sumBytes, layout.yOffset).set(bench.memory.bytes(byLambda, layout.yOffset));
    }
    return first;
  };

  interface Entry {
    readonly key: number;
    readonly point: number;
    readonly flags: number;
  }

  const reference = (first: number, { point, flags }: Entry) => (first + point * givenBytes) | flags;
  const scalarOf = ({ point, flags }: Entry) =>
    BigInt(point + 1) * (flags & ENDOMORPHISM ? LAMBDA : 1n) * (flags & NEGATIVE ? -1n : 1n);
  /** Coordinates of the sum of references, by the module. */
  const read = (bench: Bench, references: readonly number[]) => {
    const list = bench.memory.take(4 * references.length);
    const out = bench.memory.take(sumBytes);
    bench.memory.words(list, references.length).set(references);
    bench.result({}, `${name}_horner`, list, references.length, 0, out);
    return readPoint(bench.memory, name, out);
  };

  /** Sums by key as the module has them, and their plain sums; keys without points are in neither. */
  const compare = (
    bench: Bench,
    first: number,
    entries: readonly Entry[],
    [shift, mask]: readonly [number, number],
  ) => {
    const { memory } = bench;
    const count = entries.length;
    const lists = Array.from({ length: 4 }, () => memory.take(4 * count + 64));
    const [keys, references, keysOut, referencesOut] = lists as [number, number, number, number];
    memory.words(keys, count).set(entries.map(({ key }) => key));
    memory.words(references, count).set(entries.map((entry) => reference(first, entry)));
    const job = { listBytes: 4 * count, sumBytes: sumBytes * (count / 2 + 64) };
    const found = bench.result(
      job,
      `${name}_sumByKey`,
      keys,
      references,
      count,
      shift,
      mask,
      keysOut,
      referencesOut,
    );
    const own = [...memory.words(keysOut, found)];
    // In order of keys, and no more than a chunk leaves over.
    expect(own).toEqual(own.toSorted((a, b) => a - b));
    expect(found).toBeLessThanOrEqual(new Set(own).size + Math.ceil(count / CHUNK));
    const sums = new Map<number, bigint>();
    for (const entry of entries) {
      const part = (entry.key >>> shift) & mask;
      if (part !== 0) sums.set(part, ((((sums.get(part) ?? 0n) + scalarOf(entry)) % r) + r) % r);
    }
    expect([...new Set(own)]).toEqual([...sums.keys()].toSorted((a, b) => a - b));
    for (const [part, sum] of sums) {
      const parts = own.flatMap((key, index) =>
        key === part ? [memory.words(referencesOut, found)[index]!] : [],
      );
      expect(read(bench, parts)).toEqual(multiple(name, sum));
    }
  };

  const flags = fc.constantFrom(0, NEGATIVE, ENDOMORPHISM, NEGATIVE | ENDOMORPHISM);

  it("by key are plain sums, singles and odd numbers of points too", async () => {
    const bench = new Bench();
    const first = givenPoints(bench, 8);
    const entry = fc.record({
      key: fc.integer({ min: 0, max: 63 }),
      point: fc.integer({ min: 0, max: 7 }),
      flags,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 1, maxLength: 60 }),
        fc.constantFrom([0, 63] as const, [0, 7] as const, [2, 3] as const, [5, 1] as const),
        (entries, part) => bench.memory.during(async () => compare(bench, first, entries, part)),
      ),
      { numRuns: 10 },
    );
  });

  // Keys that begin in one chunk and end in the next or the one after that, and many of one point alone.
  it("by key are plain sums over several chunks", () => {
    const count = 2 * CHUNK + 1500;
    const entries = Array.from({ length: count }, (_, index) => ({
      key: index < 200 ? 4 + index : index % 16 === 0 ? 0 : index % 16 < 14 ? 1 : (index % 16) - 12,
      point: (index * 5 + (index >> 4)) % 8,
      flags: index % 4,
    }));
    const bench = new Bench();
    compare(bench, givenPoints(bench, 8), entries, [0, 255]);
  });

  // Bits one by one, and by halves; more points than a chunk.
  it.each([
    [3, 3 * CHUNK],
    [7, 500],
    [16, 60],
  ])("of the points whose key has a bit, for each of %i bits", (bits, count) => {
    const bench = new Bench();
    const { memory } = bench;
    const first = givenPoints(bench, 8);
    const [keys, references, out] = [memory.take(4 * count), memory.take(4 * count), memory.take(4 * bits)];
    const entries = Array.from({ length: count }, (_, index) => ({
      key: (index * index * 7 + index) % (2 ** bits - 1),
      point: (index + (index >> 3)) % 8,
      flags: index % 4,
    }));
    memory.words(keys, count).set(entries.map(({ key }) => key));
    memory.words(references, count).set(entries.map((entry) => reference(first, entry)));
    const job = { listBytes: 64 * count + 4096, sumBytes: sumBytes * (4 * count + 1024) };
    bench.result(job, `${name}_sumBits`, keys, references, count, bits, out);
    for (let bit = 0; bit < bits; bit++) {
      const with1 = entries.filter(({ key }) => (key >> bit) & 1);
      const sum = with1.reduce((total, entry) => total + scalarOf(entry), 0n);
      expect(read(bench, [memory.words(out, bits)[bit]!])).toEqual(multiple(name, ((sum % r) + r) % r));
    }
  });

  it("of doublings are sums of 2^(d i) P_i, where reference 0 is no point", async () => {
    const bench = new Bench();
    const { memory } = bench;
    const first = givenPoints(bench, 8);
    const out = memory.take(sumBytes);
    const term = fc.oneof(
      fc.constant(undefined),
      fc.record({ point: fc.integer({ min: 0, max: 7 }), flags }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(term, { maxLength: 6 }), fc.integer({ min: 0, max: 4 }), (terms, doublings) =>
        memory.during(async () => {
          const list = memory.take(4 * terms.length + 4);
          memory
            .words(list, terms.length)
            .set(
              terms.map((term) => (term === undefined ? 0 : (first + term.point * givenBytes) | term.flags)),
            );
          await bench.call(`${name}_horner`, list, terms.length, doublings, out);
          const sum = terms.reduceRight((rest, term) => {
            const point = BigInt((term?.point ?? -1) + 1);
            const factor =
              ((term?.flags ?? 0) & ENDOMORPHISM ? LAMBDA : 1n) * ((term?.flags ?? 0) & NEGATIVE ? -1n : 1n);
            return ((rest << BigInt(doublings)) + point * factor) % r;
          }, 0n);
          expect(readPoint(memory, name, out)).toEqual(multiple(name, (sum + r) % r));
        }),
      ),
      { numRuns: 20 },
    );
  });

  it("of one point are its multiple, by doubling", async () => {
    const bench = new Bench();
    const first = givenPoints(bench, 3);
    const out = bench.memory.take(sumBytes);
    for (const scalar of [0n, 1n, 2n, r - 1n, r, LAMBDA]) {
      await bench.machine.run(timesJob(bench.memory, name, first + 2 * givenBytes, scalar, out));
      expect(readPoint(bench.memory, name, out)).toEqual(multiple(name, (3n * scalar) % r));
    }
  });
});
