import { bn254 } from "@noble/curves/bn254.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BETA, LAMBDA, splitScalar } from "../../../src/proof/arithmetic/endomorphism.js";
import { SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { Bench, plainScalar } from "./memory.js";

const r = SCALAR_FIELD.order;

describe("the endomorphism", () => {
  it("multiplies by lambda, in both groups, as another library does", () => {
    const { G1, G2 } = bn254;
    const inG1 = G1.Point.BASE.multiply(LAMBDA).toAffine();
    expect(inG1).toEqual({ x: BETA.g1, y: 2n });
    const base = G2.Point.BASE.toAffine();
    const inG2 = G2.Point.BASE.multiply(LAMBDA).toAffine();
    const { Fp2 } = bn254.fields;
    expect(Fp2.eql(inG2.x, Fp2.mul(base.x, BETA.g2))).toBe(true);
    expect(Fp2.eql(inG2.y, base.y)).toBe(true);
  });

  it("splits a scalar in two that are half as long", () => {
    fc.assert(
      fc.property(plainScalar, (k) => {
        const [k1, k2] = splitScalar(k);
        expect((((k1 + k2 * LAMBDA - k) % r) + r) % r).toBe(0n);
        // Digits of 128 bits are offset by at least 2^127.
        for (const half of [k1, k2]) expect(half < 1n << 127n && half > -(1n << 127n)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves what is small, or close to r, a whole that is small", () => {
    for (const k of [0n, 1n, 5n, (1n << 64n) - 1n]) {
      expect(splitScalar(k)).toEqual([k, 0n]);
      expect(splitScalar(k === 0n ? 0n : r - k)).toEqual([-k, 0n]);
    }
  });

  it("is split by the module as here, with an offset added", async () => {
    const bench = new Bench();
    const [from, offset, out] = [bench.scalar(0n), bench.scalar(0n), bench.memory.take(64)];
    await fc.assert(
      fc.asyncProperty(plainScalar, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), async (k, added) => {
        bench.scalar(k, from);
        bench.scalar(added, offset);
        await bench.call("splitScalars", from, 1, offset, out);
        const [k1, k2] = splitScalar(k);
        expect(bench.words(out, 4)).toBe(BigInt.asUintN(128, k1 + added));
        expect(bench.words(out + 16, 4)).toBe(BigInt.asUintN(128, k2 + added));
      }),
      { numRuns: 1_000 },
    );
  });
});
