import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPoint } from "../../../src/proof/arithmetic/index.js";
import { BASE_FIELD, SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { G1_LAYOUT, G2_LAYOUT, NEGATIVE } from "../../../src/proof/arithmetic/pairs-code.js";
import { Bench, multiple } from "./memory.js";

const r = SCALAR_FIELD.order;

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

  it("are those of another library, for equal and opposite points and infinity, too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 8, maxLength: 8 }), (pairs) =>
        bench.memory.during(async () => {
          const list = bench.memory.take(12 * pairs.length);
          const work = bench.memory.take(1024 * pairs.length);
          const sums = pairs.map(() => bench.memory.take(layout.sumBytes));
          const references = pairs.flatMap(({ first, second, negative, raised }, index) => [
            bench.point(layout, BASE_FIELD, multiple(layout.name, first), raised[0]),
            bench.point(layout, BASE_FIELD, multiple(layout.name, second), raised[1]) |
              (negative ? NEGATIVE : 0),
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
