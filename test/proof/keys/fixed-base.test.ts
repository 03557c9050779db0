import fc from "fast-check";
import { buildBn128 } from "ffjavascript";
import { afterAll, describe, expect, it } from "vitest";
import { FIELD_ORDER } from "../../../src/field/index.js";
import { FixedBase } from "../../../src/proof/keys/fixed-base.js";
import { addFixedBaseFunctions } from "../../../src/proof/keys/fixed-base-wasm.js";
import { SCALAR_BYTES, ScalarMemory } from "../../../src/proof/keys/scalar-memory.js";
import { uint256 } from "../../../src/proof/keys/section-file.js";
import { WorkerPool } from "../../../src/proof/keys/worker-pool.js";

const curve = await buildBn128(true, addFixedBaseFunctions);
const pool = new WorkerPool(curve.tm.code, 25);
afterAll(() => pool.close());

// Values at the borders of windows of 8 and 15 bits, and of the field.
const borders = [0n, 1n, 255n, 256n, 1n << 15n, (1n << 240n) - 1n, 1n << 240n, 1n << 253n, FIELD_ORDER - 1n];
const scalar = fc.oneof(fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), fc.constantFrom(...borders));

describe("FixedBase", () => {
  for (const group of ["G1", "G2"] as const) {
    for (const large of [false, true]) {
      it(`multiplies the generator of ${group} with ${large ? "large" : "small"} tables as the curve does`, async () => {
        const base = await FixedBase.prepare(pool, curve, { group, large });
        const { g, F } = curve[group];
        await fc.assert(
          fc.asyncProperty(fc.array(scalar, { minLength: 1, maxLength: 40 }), async (list) => {
            const scalars = [...borders, ...list];
            const memory = new ScalarMemory(curve);
            const address = memory.allocate(scalars.length);
            memory.bytes(address, scalars.length * SCALAR_BYTES).set(Buffer.concat(scalars.map(uint256)));
            const points = Buffer.concat(await base.multiply(memory, address, scalars.length, () => {}));
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
});

describe("WorkerPool", () => {
  it("rejects a job whose function traps, and the jobs that wait", async () => {
    const failing = new WorkerPool(curve.tm.code, 25);
    const outside = 2 ** 31 - 64;
    const job = {
      buffers: [32],
      calls: [["frm_add", outside, outside, { buffer: 0 }]] as const,
      scratchBytes: 0,
      result: { buffer: 0, bytes: 32 },
    };
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => failing.run(job)));
    await failing.close();
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["rejected"]));
  });
});
