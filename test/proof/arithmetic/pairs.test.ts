import { bn254 } from "@noble/curves/bn254.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPoint } from "../../../src/proof/arithmetic/index.js";
import { BASE_FIELD, fromMontgomery, SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { G1_LAYOUT, G2_LAYOUT, NEGATIVE } from "../../../src/proof/arithmetic/pairs-code.js";
import { Bench, multiple } from "./memory.js";

const r = SCALAR_FIELD.order;

type Fp2Value = ReturnType<typeof bn254.fields.Fp2.create>;

describe.each([G1_LAYOUT, G2_LAYOUT])("sums of pairs in $name", (layout) => {
  const bench = new Bench();
  // Few values, so that equal points, opposite ones and infinity come often.
  const scalar = fc.oneof(fc.constantFrom(0n, 1n, 2n, r - 1n), fc.bigInt({ min: 3n, max: 9n }));
  // Coordinates need not be the smallest ones of their class.
  const raised = fc.array(fc.constantFrom(0n, 1n), { minLength: 4, maxLength: 4 });
  const pair = fc.record({
    first: scalar,
    second: scalar,
    negative: fc.boolean(),
    raised: fc.tuple(raised, raised),
  });

  /** A point; at infinity it has the coordinates of the other, which must mean nothing. */
  const place = (own: bigint, other: bigint, raised: readonly bigint[]) => {
    const coordinates = multiple(layout.name, own === 0n ? other : own);
    const address = bench.point(layout, BASE_FIELD, coordinates, raised);
    if (own === 0n) bench.memory.words(address + layout.infinityOffset, 1)[0] = 0xffffffff;
    return address;
  };

  it("are those of another library, for equal and opposite points and infinity, too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 8, maxLength: 8 }), (pairs) =>
        bench.memory.during(async () => {
          const list = bench.memory.take(12 * pairs.length);
          const work = bench.memory.take(1024 * pairs.length);
          const sums = pairs.map(() => bench.memory.take(layout.sumBytes));
          const references = pairs.flatMap(({ first, second, negative, raised }, index) => [
            place(first, second, raised[0]),
            place(second, first, raised[1]) | (negative ? NEGATIVE : 0),
            sums[index]!,
          ]);
          bench.memory.words(list, references.length).set(references);
          await bench.call(`${layout.name}_addPairs`, list, pairs.length / 4, work);
          for (const [index, { first, second, negative }] of pairs.entries()) {
            const sum = (first + (negative ? r - second : second)) % r;
            expect(readPoint(bench.memory, layout.name, sums[index]!)).toEqual(multiple(layout.name, sum));
          }
        }),
      ),
      { numRuns: 40 },
    );
  });

  // Points on no curve: what counts is that their x differ, however little, and so do their y.
  it("are where the chord meets, for coordinates with parts in common", async () => {
    const { Fp, Fp2 } = bn254.fields;
    const part = fc.constantFrom(0n, 1n, 5n, 5n + (1n << 29n));
    const parts = fc.array(part, { minLength: 2 * layout.degree, maxLength: 2 * layout.degree });
    // By forms: x and y as they stand in memory.
    const value = (form: bigint) => fromMontgomery(BASE_FIELD, form);
    const chord = (one: readonly bigint[], two: readonly bigint[]): bigint[] => {
      if (layout.name === "g1") {
        const [x1, y1, x2, y2] = [...one, ...two] as [bigint, bigint, bigint, bigint];
        const slope = Fp.div(Fp.sub(y2, y1), Fp.sub(x2, x1));
        const x3 = Fp.sub(Fp.sub(Fp.sqr(slope), x1), x2);
        return [x3, Fp.sub(Fp.mul(slope, Fp.sub(x1, x3)), y1)];
      }
      const [x1, y1, x2, y2] = [one.slice(0, 2), one.slice(2), two.slice(0, 2), two.slice(2)].map((pair) =>
        Fp2.fromBigTuple(pair as [bigint, bigint]),
      ) as [Fp2Value, Fp2Value, Fp2Value, Fp2Value];
      const slope = Fp2.div(Fp2.sub(y2, y1), Fp2.sub(x2, x1));
      const x3 = Fp2.sub(Fp2.sub(Fp2.sqr(slope), x1), x2);
      const y3 = Fp2.sub(Fp2.mul(slope, Fp2.sub(x1, x3)), y1);
      return [x3.c0, x3.c1, y3.c0, y3.c1];
    };
    const different = fc
      .tuple(parts, parts)
      .filter(([one, two]) => one.slice(0, layout.degree).some((x, index) => x !== two[index]));
    await fc.assert(
      fc.asyncProperty(fc.tuple(different, different, different, different), (pairs) =>
        bench.memory.during(async () => {
          const list = bench.memory.take(12 * pairs.length);
          const work = bench.memory.take(1024);
          const entries = pairs.map((pair) => pair.map((forms) => forms.map(value)) as [bigint[], bigint[]]);
          const references = entries.map(([one, two]) => [
            bench.point(layout, BASE_FIELD, one),
            bench.point(layout, BASE_FIELD, two),
            bench.memory.take(layout.sumBytes),
          ]);
          bench.memory.words(list, 12).set(references.flat());
          await bench.call(`${layout.name}_addPairs`, list, 1, work);
          for (const [index, [one, two]] of entries.entries())
            expect(readPoint(bench.memory, layout.name, references[index]![2]!)).toEqual(chord(one, two));
        }),
      ),
      { numRuns: 30 },
    );
  });
});
