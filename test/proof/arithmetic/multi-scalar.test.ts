import fc from "fast-check";
import type { Curve, Group } from "ffjavascript";
import { describe, expect, it } from "vitest";
import { LAMBDA } from "../../../src/proof/arithmetic/endomorphism.js";
import {
  filePointBytes,
  type Machine,
  multiScalarSum,
  PointReader,
  readPoint,
  singleThread,
  splitScalars,
} from "../../../src/proof/arithmetic/index.js";
import { SCALAR_FIELD } from "../../../src/proof/arithmetic/limbs.js";
import { singleThreadCurve, Threads } from "../../../src/proof/curve/index.js";
import { uint256 } from "../../../src/proof/keys/section-file.js";
import { EDGE_SCALARS, plainScalar } from "./memory.js";

const r = SCALAR_FIELD.order;

interface Case {
  /** Which multiple of the generator each point is; 0 is infinity. */
  readonly points: readonly bigint[];
  readonly scalars: readonly bigint[];
}

const inFile = (group: Group, points: readonly bigint[], bytes: number): Uint8Array => {
  const all = new Uint8Array(points.length * bytes);
  for (const [index, multiple] of points.entries()) {
    if (multiple !== 0n)
      group.toRprLEM(all, index * bytes, group.toAffine(group.timesScalar(group.g, multiple)));
  }
  return all;
};

/** The sum as this module has it, and as ffjavascript has it, as coordinates; undefined at infinity. */
async function both(
  machine: Machine,
  curve: Curve,
  name: "g1" | "g2",
  { points, scalars }: Case,
  width: number,
): Promise<[own: unknown, other: unknown]> {
  const group = name === "g1" ? curve.G1 : curve.G2;
  const bytes = filePointBytes(name);
  const file = inFile(group, points, bytes);
  const plain = Buffer.concat(scalars.map(uint256));
  const own = await machine.memory.during(async () => {
    const reader = new PointReader(machine, name, points.length);
    // In portions, as from a file.
    const half = Math.floor(points.length / 2);
    await reader.add(file.subarray(0, half * bytes), 0);
    await reader.add(file.subarray(half * bytes), half);
    const address = machine.memory.take(plain.length);
    machine.memory.bytes(address, plain.length).set(plain);
    const halves = await splitScalars(machine, address, scalars.length, width);
    return readPoint(machine.memory, name, await multiScalarSum(machine, reader.list, halves));
  });
  const sum = group.toAffine(await group.multiExpAffine(file, new Uint8Array(plain)));
  const coordinates = (group.toObject(sum) as bigint[]).slice(0, 2).flat();
  // Infinity has x = 0 there; no point of these tests has it.
  const other = coordinates.slice(0, coordinates.length / 2).every((part) => part === 0n)
    ? undefined
    : coordinates;
  return [own, other];
}

describe.each(["g1", "g2"] as const)("sums of scalar times point in %s", (name) => {
  const machine = singleThread();
  const agree = async (given: Case, width: number) => {
    const [own, other] = await both(machine, await singleThreadCurve(), name, given, width);
    expect(own).toEqual(other);
  };

  it("are those of ffjavascript: random and edge scalars, equal and opposite points, infinity", async () => {
    const one = fc.tuple(fc.constantFrom(0n, 1n, 2n, r - 1n, 7n, 12345n), plainScalar);
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 1, maxLength: 24 }),
        fc.integer({ min: 2, max: 8 }),
        (terms, width) =>
          agree({ points: terms.map(([point]) => point), scalars: terms.map(([, value]) => value) }, width),
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    ["all scalars equal", () => 123456789n ** 8n % r, (index: number) => BigInt(index + 1)],
    ["all scalars r - 1", () => r - 1n, (index: number) => BigInt(index + 1)],
    ["all points equal", (index: number) => (BigInt(index + 1) * LAMBDA) % r, () => 5n],
    ["all points and scalars equal", () => LAMBDA, () => 5n],
    ["points that cancel each other", () => 77n, (index: number) => (index % 2 === 0 ? 9n : r - 9n)],
    ["no point but infinity", () => 77n, () => 0n],
  ])("are those of ffjavascript: %s", async (_, value, point) => {
    const indices = Array.from({ length: 300 }, (_, index) => index);
    await agree({ points: indices.map(point), scalars: indices.map(value) }, 5);
  });

  it("are the same for every width of windows", async () => {
    const indices = Array.from({ length: 20 }, (_, index) => index);
    const given = {
      points: indices.map((index) => BigInt(index * index + 1)),
      scalars: indices.map((index) => EDGE_SCALARS[index] ?? (LAMBDA * BigInt(index) ** 5n) % r),
    };
    for (let width = 2; width <= 16; width++) await agree(given, width);
  });
});

it("threads give the sums of one thread, with more points than a chunk in one bucket", async () => {
  const threads = new Threads(2);
  try {
    const curve = await singleThreadCurve();
    const points = Array.from({ length: 4_200 }, (_, index) => BigInt((index % 7) + 1));
    const scalars = points.map((_, index) => (index % 3 === 0 ? r - 5n : 5n + ((LAMBDA * 5n) % r)));
    const [own, other] = await both(threads, curve, "g1", { points, scalars }, 4);
    expect(own).toEqual(other);
  } finally {
    await threads.close();
  }
});
