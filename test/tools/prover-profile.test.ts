import { describe, expect, it } from "vitest";
import { FIELD_ORDER } from "../../src/field/index.js";
import { proverLines } from "../../tools/bench/print-prover.js";
import type { ProverFigures } from "../../tools/bench/prover.js";
import { sumSizes } from "../../tools/bench/sum-sizes.js";

const bytes = (value: bigint) => Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();

describe("sumSizes", () => {
  it("counts the scalars of points that are not infinity, each in one class", () => {
    const scalars = [0n, 0n, 1n, 1n, FIELD_ORDER - 1n, 2n, 2n ** 64n - 1n, 2n ** 64n, FIELD_ORDER - 2n, 5n];
    const points = Buffer.alloc(64 * scalars.length, 3);
    // The second zero and the five are of points at infinity; the two's has a single byte.
    for (const index of [1, 9]) points.fill(0, 64 * index, 64 * (index + 1));
    points.fill(0, 64 * 5, 64 * 6 - 1);
    expect(sumSizes(points, Buffer.concat(scalars.map(bytes)))).toEqual({
      points: 8,
      zero: 1,
      one: 2,
      minusOne: 1,
      small: 2,
      full: 2,
    });
  });
});

describe("the lines of a profile", () => {
  const sizes = { points: 9, zero: 1, one: 2, minusOne: 1, small: 2, full: 3 };
  const figures: ProverFigures = {
    circuit: "attest",
    runs: 3,
    threads: 2,
    sizes: { wires: 12, domainSize: 16, sums: { A: sizes, B1: sizes, B2: sizes, C: sizes } },
    parts: [
      { name: "key", wallSeconds: 1, processorSeconds: 1.25 },
      { name: "key", wallSeconds: 2, processorSeconds: 2.25 },
      { name: "sum A", wallSeconds: 4 },
    ],
    provers: [{ name: "built-in", seconds: 10, processorSeconds: 18, peakMb: 900 }],
    ratios: [
      { what: "built-in / snarkjs", ratio: 0.4, byProcessors: 0.5, goal: 0.4 },
      { what: "peak memory", ratio: 0.9, unit: "GB", goal: 0.8 },
      { what: "second proof / first, in one process", ratio: 0.9 },
    ],
  };
  const line = (start: string) =>
    proverLines(figures)
      .find((each) => each.trimStart().startsWith(start))
      ?.trim()
      .replace(/ {2,}/g, " | ");

  it("add parts of one name up, and own to what is not known", () => {
    expect(line("key")).toBe("key | 3.000 | 3.500");
    expect(line("sum A")).toBe("sum A | 4.000 | beside others");
    expect(line("sum H")).toBe("sum H: of the quotient | 16 | not counted");
    expect(line("rapidsnark")).toMatch(/not measured/);
  });

  it("say yes and NO where there is a goal, and nothing where there is none", () => {
    expect(line("built-in / snarkjs")).toBe(
      "built-in / snarkjs | 0.40, by processors 0.50, at most 0.4: yes",
    );
    expect(line("peak memory")).toBe("peak memory | 0.90 GB, at most 0.8: NO");
    expect(line("second proof")).toBe("second proof / first, in one process | 0.90");
  });
});
