import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LAMBDA, splitScalar } from "../../../src/proof/arithmetic/endomorphism.js";
import { splitScalars } from "../../../src/proof/arithmetic/index.js";
import { SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { ENDOMORPHISM, NEGATIVE } from "../../../src/proof/arithmetic/pairs-code.js";
import { Bench } from "./memory.js";

const r = SCALAR_FIELD.order;
const EDGES = [0n, 1n, 2n, r - 1n, r - 2n, LAMBDA, r - LAMBDA, (1n << 64n) - 1n, 1n << 128n, r >> 1n];
const scalar = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: 0n, max: r - 1n }));

/** Windows of `width` bits, the last one narrower where the bits are no multiple. */
const windows = (width: number, bits: number) =>
  Array.from({ length: Math.ceil(bits / width) }, (_, index) => ({
    bit: width * index,
    width: Math.min(width, bits - width * index),
  }));

const WIDTHS = Array.from({ length: 15 }, (_, index) => index + 2);

describe("the digits of scalars", () => {
  it.each(WIDTHS)("are signed, of %i bits, and add up to both halves", async (width) => {
    const bench = new Bench();
    const { memory } = bench;
    const given = fc.array(scalar, { minLength: 3, maxLength: 3 });
    // Points belong to wires in any order, and not to every one.
    const wires = [2, 0];
    const [points, pointBytes] = [4096, 256];
    await fc.assert(
      fc.asyncProperty(given, (scalars) =>
        memory.during(async () => {
          const source = memory.take(32 * scalars.length);
          for (const [index, value] of scalars.entries()) bench.scalar(value, source + 32 * index);
          const { halves } = await splitScalars(bench.machine, source, scalars.length, width);
          const wireList = memory.take(4 * wires.length);
          memory.words(wireList, wires.length).set(wires);
          const [keys, references] = [memory.take(8 * wires.length), memory.take(8 * wires.length)];
          const sums = wires.map(() => [0n, 0n] as [bigint, bigint]);
          for (const window of windows(width, 128)) {
            const { bit } = window;
            const found = bench.result(
              {},
              "digits",
              halves,
              wireList,
              wires.length,
              bit,
              window.width,
              points,
              pointBytes,
              keys,
              references,
            );
            for (let entry = 0; entry < found; entry++) {
              const key = memory.words(keys, found)[entry]!;
              const reference = memory.words(references, found)[entry]!;
              expect(key > 0 && key <= 2 ** (window.width - 1)).toBe(true);
              const sum = sums[((reference & -16) - points) / pointBytes]!;
              const digit = reference & NEGATIVE ? -BigInt(key) : BigInt(key);
              sum[reference & ENDOMORPHISM ? 1 : 0] += digit << BigInt(bit);
            }
          }
          expect(sums).toEqual(wires.map((wire) => [...splitScalar(scalars[wire]!)]));
        }),
      ),
      { numRuns: 20 },
    );
  });

  it.each([4, 8, 16])("against a table, of %i bits, add up to the whole scalar", async (width) => {
    const bench = new Bench();
    const { memory } = bench;
    const count = 3;
    const digits = 256 / width;
    const offset = windows(width, 256).reduce((sum, { bit }) => sum + (1n << BigInt(bit + width - 1)), 0n);
    const [table, rowBytes, sumBytes] = [1 << 20, 1 << 24, 80];
    await fc.assert(
      fc.asyncProperty(fc.array(scalar, { minLength: count, maxLength: count }), (scalars) =>
        memory.during(async () => {
          const source = memory.take(32 * count);
          for (const [index, value] of scalars.entries()) bench.scalar(value, source + 32 * index);
          await bench.call("addOffset", source, count, bench.scalar(offset));
          const [keys, references] = [memory.take(4 * count * digits), memory.take(4 * count * digits)];
          const found = bench.result(
            {},
            "fixedDigits",
            source,
            count,
            table,
            rowBytes,
            width,
            sumBytes,
            keys,
            references,
          );
          const sums = scalars.map(() => 0n);
          for (let entry = 0; entry < found; entry++) {
            const reference = memory.words(references, found)[entry]!;
            const place = (reference & -16) - table;
            const multiple = BigInt((place % rowBytes) / sumBytes + 1);
            expect(multiple <= 1n << BigInt(width - 1)).toBe(true);
            const row = BigInt(width * Math.floor(place / rowBytes));
            sums[memory.words(keys, found)[entry]! - 1]! +=
              (reference & NEGATIVE ? -multiple : multiple) << row;
          }
          expect(sums).toEqual(scalars);
        }),
      ),
      { numRuns: 20 },
    );
  });
});
