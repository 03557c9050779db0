import { bn254 } from "@noble/curves/bn254.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPoint } from "../../../src/proof/arithmetic/index.js";
import { BASE_FIELD, SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { G1_LAYOUT, G2_LAYOUT, NEGATIVE } from "../../../src/proof/arithmetic/pairs-code.js";
import { Bench } from "./memory.js";

const r = SCALAR_FIELD.order;

/** Coordinates of a multiple of the generator; undefined at infinity. */
function multiple(group: "g1" | "g2", scalar: bigint): bigint[] | undefined {
  if (scalar === 0n) return undefined;
  if (group === "g1") {
    const { x, y } = bn254.G1.Point.BASE.multiply(scalar).toAffine();
    return [x, y];
  }
  const { x, y } = bn254.G2.Point.BASE.multiply(scalar).toAffine();
  return [x.c0, x.c1, y.c0, y.c1];
}

describe.each([G1_LAYOUT, G2_LAYOUT])("sums of pairs in $name", (layout) => {
  const bench = new Bench();
  // Few values, so that equal points, opposite ones and infinity come often.
  const scalar = fc.oneof(fc.constantFrom(0n, 1n, 2n, r - 1n), fc.bigInt({ min: 3n, max: 9n }));
  const pair = fc.record({ first: scalar, second: scalar, negative: fc.boolean() });

  it("are those of another library, for equal and opposite points and infinity, too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 8, maxLength: 8 }), (pairs) =>
        bench.memory.during(async () => {
          const list = bench.memory.take(12 * pairs.length);
          const work = bench.memory.take(1024 * pairs.length);
          const sums = pairs.map(() => bench.memory.take(layout.sumBytes));
          const references = pairs.flatMap(({ first, second, negative }, index) => [
            bench.point(layout, BASE_FIELD, multiple(layout.name, first)),
            bench.point(layout, BASE_FIELD, multiple(layout.name, second)) | (negative ? NEGATIVE : 0),
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
});
