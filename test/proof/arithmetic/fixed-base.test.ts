import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { FIELD_ORDER } from "../../../src/field/index.js";
import { FixedBase } from "../../../src/proof/arithmetic/index.js";
import { singleThreadCurve, Threads } from "../../../src/proof/curve/index.js";
import { uint256 } from "../../../src/proof/keys/section-file.js";

const curve = await singleThreadCurve();
const threads = new Threads(2);
afterAll(() => threads.close());

// Values at the borders of signed windows of 8 and 16 bits, and of the field.
const borders = [
  0n,
  1n,
  127n,
  128n,
  129n,
  255n,
  256n,
  (1n << 15n) - 1n,
  1n << 15n,
  (1n << 15n) + 1n,
  (1n << 240n) - 1n,
  1n << 240n,
  1n << 253n,
  FIELD_ORDER - 1n,
  FIELD_ORDER - 128n,
];
const scalar = fc.oneof(fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), fc.constantFrom(...borders));

describe("FixedBase", () => {
  for (const group of ["G1", "G2"] as const) {
    for (const large of [false, true]) {
      it(`multiplies the generator of ${group} with ${large ? "large" : "small"} tables as the curve does`, async () => {
        const base = await FixedBase.prepare(threads, { group: group === "G1" ? "g1" : "g2", large });
        const { g, F } = curve[group];
        await fc.assert(
          fc.asyncProperty(fc.array(scalar, { minLength: 1, maxLength: 40 }), async (list) => {
            const scalars = [...borders, ...list];
            const points = Buffer.concat(await base.multiply(Buffer.concat(scalars.map(uint256))));
            const expected = scalars.map((value) => {
              const bytes = new Uint8Array(2 * F.n8);
              curve[group].toRprLEM(bytes, 0, curve[group].timesScalar(g, value));
              return bytes;
            });
            expect(points.equals(Buffer.concat(expected))).toBe(true);
          }),
          { numRuns: large ? 2 : 5 },
        );
      });
    }
  }

  it("multiplies by more scalars than a batch and a chunk take, zeros among them", async () => {
    const base = await FixedBase.prepare(threads, { group: "g1", large: false });
    const scalars = Array.from({ length: 2_500 }, (_, index) =>
      index % 9 === 4 ? 0n : BigInt(index) ** 20n % FIELD_ORDER,
    );
    const points = Buffer.concat(await base.multiply(Buffer.concat(scalars.map(uint256))));
    for (const index of [0, 1, 4, 255, 256, 1_023, 1_024, 1_250, 2_499]) {
      const bytes = new Uint8Array(64);
      curve.G1.toRprLEM(bytes, 0, curve.G1.timesScalar(curve.G1.g, scalars[index]!));
      expect(points.subarray(64 * index, 64 * (index + 1)).equals(Buffer.from(bytes))).toBe(true);
    }
  });
});
