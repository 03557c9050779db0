import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BETA, LAMBDA } from "../../../src/proof/arithmetic/endomorphism.js";
import { filePointBytes } from "../../../src/proof/arithmetic/index.js";
import { BASE_FIELD, fromMontgomery, LIMB_BITS, SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { ENDOMORPHISM, G1_LAYOUT, G2_LAYOUT, NEGATIVE } from "../../../src/proof/arithmetic/pairs-code.js";
import { singleThreadCurve } from "../../../src/proof/curve/index.js";
import { Bench, multiple } from "./memory.js";

const r = SCALAR_FIELD.order;

const words = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
const edges = (bits: number) =>
  fc.oneof(fc.constantFrom(0n, 1n, (1n << BigInt(bits)) - 1n, 1n << BigInt(bits - 1)), words(bits));
const four = (bits: number) => fc.tuple(edges(bits), edges(bits), edges(bits), edges(bits));

describe("groups of four", () => {
  const bench = new Bench();
  const group = bench.group();
  const places = Array.from({ length: 4 }, () => bench.memory.take(36));
  const elements = () => places.map((place) => bench.words(place, 9));

  it("are gathered from four elements and scattered to four, limb by limb", async () => {
    // Every word of nine, for nothing is computed.
    await fc.assert(
      fc.asyncProperty(four(9 * 32), async (values) => {
        for (const [lane, value] of values.entries()) bench.scalar(value, places[lane]!, 9);
        await bench.call("gather", ...(places as [number, number, number, number]), group);
        const limbs = bench.memory.words(group, 36);
        for (const [lane, value] of values.entries()) {
          for (let limb = 0; limb < 9; limb++) {
            expect(BigInt(limbs[4 * limb + lane]!)).toBe(BigInt.asUintN(32, value >> BigInt(32 * limb)));
          }
        }
        for (const place of places) bench.memory.bytes(place, 36).fill(0);
        await bench.call("scatter", group, ...places);
        expect(elements()).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });

  it("come from numbers of eight words, and go back", async () => {
    await fc.assert(
      fc.asyncProperty(four(256), async (values) => {
        for (const [lane, value] of values.entries()) bench.scalar(value, places[lane]!);
        await bench.call("gatherWords", ...(places as [number, number, number, number]), group);
        expect(bench.forms(group)).toEqual(values);
        expect(bench.memory.words(group, 36).every((limb) => limb < 2 ** LIMB_BITS)).toBe(true);
        for (const place of places) bench.memory.bytes(place, 32).fill(0);
        await bench.call("scatterWords", group, ...places);
        expect(places.map((place) => bench.words(place, 8))).toEqual(values);
      }),
      { numRuns: 100 },
    );
  });
});

it("an offset is added to each scalar modulo 2^256", async () => {
  const bench = new Bench();
  const offset = bench.memory.take(32);
  const scalars = bench.memory.take(3 * 32);
  await fc.assert(
    fc.asyncProperty(fc.tuple(edges(256), edges(256), edges(256)), edges(256), async (values, added) => {
      bench.scalar(added, offset);
      for (const [index, value] of values.entries()) bench.scalar(value, scalars + 32 * index);
      await bench.call("addOffset", scalars, 2, offset);
      const [first, second, third] = values;
      expect(bench.words(scalars, 8)).toBe(BigInt.asUintN(256, first + added));
      expect(bench.words(scalars + 32, 8)).toBe(BigInt.asUintN(256, second + added));
      expect(bench.words(scalars + 64, 8)).toBe(third);
    }),
    { numRuns: 100 },
  );
});

describe.each([G1_LAYOUT, G2_LAYOUT])("points of files in $name", (layout) => {
  const { name, givenBytes } = layout;
  const size = filePointBytes(name);
  const scalarOf = fc.oneof(fc.constantFrom(1n, 2n, r - 1n), fc.bigInt({ min: 3n, max: r - 1n }));

  const inFile = async (scalar: bigint): Promise<Uint8Array> => {
    const curve = await singleThreadCurve();
    const group = name === "g1" ? curve.G1 : curve.G2;
    const bytes = new Uint8Array(size);
    if (scalar !== 0n) group.toRprLEM(bytes, 0, group.toAffine(group.timesScalar(group.g, scalar)));
    return bytes;
  };
  const coordinates = (scalar: bigint) => multiple(name, scalar)!;

  /** Addresses of given points read from a file's form. */
  const read = async (bench: Bench, scalars: readonly bigint[]): Promise<number[]> => {
    const { memory } = bench;
    const source = memory.take(scalars.length * size);
    const list = memory.take(4 * scalars.length);
    const to = memory.take(scalars.length * givenBytes);
    for (const [index, scalar] of scalars.entries())
      memory.bytes(source + index * size, size).set(await inFile(scalar));
    memory.words(list, scalars.length).set(scalars.map((_, index) => source + index * size));
    memory.bytes(to, scalars.length * givenBytes).fill(0xff);
    await bench.call(`${name}_fromFile`, list, scalars.length / 4, to);
    return scalars.map((_, index) => to + index * givenBytes);
  };

  it("are read with their multiple by lambda", async () => {
    const bench = new Bench();
    await fc.assert(
      fc.asyncProperty(fc.tuple(scalarOf, scalarOf, scalarOf, scalarOf), (scalars) =>
        bench.memory.during(async () => {
          const places = await read(bench, scalars);
          for (const [index, scalar] of scalars.entries()) {
            const value = (at: number) => fromMontgomery(BASE_FIELD, bench.element(places[index]! + at));
            const own = coordinates(scalar);
            expect(own.map((_, part) => value(36 * part))).toEqual(own);
            const byLambda = coordinates((scalar * LAMBDA) % r).slice(0, own.length / 2);
            expect(byLambda.map((_, part) => value(layout.sumBytes + 36 * part))).toEqual(byLambda);
            expect(byLambda[0]).toBe((own[0]! * BETA[name]) % BASE_FIELD.order);
            expect(bench.words(places[index]! + layout.infinityOffset, 1)).toBe(0n);
          }
        }),
      ),
      { numRuns: 8 },
    );
  });

  it("are written as ffjavascript writes them: opposites, multiples by lambda, infinity", async () => {
    const bench = new Bench();
    const { memory } = bench;
    const flags = fc.constantFrom(0, NEGATIVE, ENDOMORPHISM, NEGATIVE | ENDOMORPHISM);
    const one = fc.record({ scalar: scalarOf, flags, infinite: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 8, maxLength: 8 }), (points) =>
        memory.during(async () => {
          const places = await read(
            bench,
            points.map(({ scalar }) => scalar),
          );
          const out = memory.take(points.length * size);
          const list = memory.take(12 * points.length);
          for (const [index, { flags, infinite }] of points.entries()) {
            if (infinite) memory.words(places[index]! + layout.infinityOffset, 1)[0] = 0xffffffff;
            memory.words(list + 12 * index, 3).set([places[index]! | flags, 0, out + index * size]);
          }
          memory.bytes(out, points.length * size).fill(0xff);
          await bench.call(`${name}_toFile`, list, points.length / 4);
          for (const [index, { scalar, flags, infinite }] of points.entries()) {
            const byLambda = flags & ENDOMORPHISM ? (scalar * LAMBDA) % r : scalar;
            const signed = flags & NEGATIVE ? r - byLambda : byLambda;
            const written = Buffer.from(memory.bytes(out + index * size, size));
            expect(written).toEqual(Buffer.from(await inFile(infinite ? 0n : signed)));
          }
        }),
      ),
      { numRuns: 6 },
    );
  });

  it("are written with the smallest coordinates of their class", async () => {
    const bench = new Bench();
    const { memory } = bench;
    const { order } = BASE_FIELD;
    const value = fc.oneof(fc.constantFrom(0n, 1n, order - 1n), fc.bigInt({ min: 0n, max: order - 1n }));
    const raised = fc.constantFrom(0n, 1n);
    const one = fc.array(fc.tuple(value, raised), { minLength: size / 32, maxLength: size / 32 });
    await fc.assert(
      fc.asyncProperty(fc.tuple(one, one, one, one), (points) =>
        memory.during(async () => {
          const out = memory.take(4 * size);
          const list = memory.take(12 * 4);
          const entries = points.map((parts, index) => [
            bench.point(
              layout,
              BASE_FIELD,
              parts.map(([coordinate]) => coordinate),
              parts.map(([, times]) => times),
            ),
            0,
            out + index * size,
          ]);
          memory.words(list, 12).set(entries.flat());
          await bench.call(`${name}_toFile`, list, 1);
          const written = points.flatMap((parts) =>
            parts.map(([coordinate]) => (coordinate << 256n) % order),
          );
          expect(written.map((_, index) => bench.words(out + 32 * index, 8))).toEqual(written);
        }),
      ),
      { numRuns: 30 },
    );
  });
});
