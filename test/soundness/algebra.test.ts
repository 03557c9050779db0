import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eliminate, kernelVector, type SparseRow } from "../../soundness/elimination.js";
import { Jacobian } from "../../soundness/jacobian.js";
import { inverse, reduce, seededElements } from "../../soundness/modular.js";
import type { R1cs } from "../../soundness/r1cs.js";
import { FIELD_ORDER } from "../../src/field/index.js";

type Matrix = readonly (readonly bigint[])[];

const COLUMNS = 8;
/** Few values, many zeros: ranks of all sizes come up. */
const entry = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0n) },
  { weight: 2, arbitrary: fc.constantFrom(1n, 2n, FIELD_ORDER - 1n) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: FIELD_ORDER - 1n }) },
);
const matrix: fc.Arbitrary<Matrix> = fc.array(fc.array(entry, { minLength: COLUMNS, maxLength: COLUMNS }), {
  minLength: 1,
  maxLength: 10,
});

function sparse(rows: Matrix): SparseRow[] {
  return rows.map(
    (row) => new Map(row.flatMap((value, column) => (value === 0n ? [] : [[column, value] as const]))),
  );
}

/** Rank by the textbook's Gaussian elimination on dense rows. */
function denseRank(rows: Matrix): number {
  const left = rows.map((row) => [...row]);
  let rank = 0;
  for (let column = 0; column < COLUMNS; column++) {
    const pivot = left.findIndex((row, index) => index >= rank && row[column] !== 0n);
    if (pivot < 0) continue;
    [left[rank], left[pivot]] = [left[pivot]!, left[rank]!];
    const scale = inverse(left[rank]![column]!);
    for (const row of left.slice(rank + 1)) {
      const factor = row[column]! * scale;
      left[rank]!.forEach((value, at) => {
        row[at] = reduce(row[at]! - factor * value);
      });
    }
    rank++;
  }
  return rank;
}

describe("the Jacobian", () => {
  /** x * (x - 2) = -1 over the wires (1, x), which has the double root x = 1. */
  const doubleRoot: R1cs = {
    wireCount: 2,
    outputCount: 0,
    publicInputCount: 0,
    privateInputCount: 0,
    constraintCount: 1,
    offsets: Uint32Array.from([0, 1, 3, 4]),
    wires: Uint32Array.from([1, 1, 0, 0]),
    coefficientIds: Uint32Array.from([0, 0, 1, 2]),
    coefficients: [1n, -2n, -1n],
    labels: Uint32Array.from([0, 1]),
  };

  it("is the derivative: 2x - 2", () => {
    expect(new Jacobian(doubleRoot, [1n, 5n]).row(0)).toEqual({ wires: [1], values: [8n], satisfied: false });
    const minusTwo = FIELD_ORDER - 2n;
    expect(new Jacobian(doubleRoot, [1n, 0n]).row(0)).toMatchObject({ values: [minusTwo] });
  });

  it("has no entry where the terms cancel", () => {
    expect(new Jacobian(doubleRoot, [1n, 1n]).row(0)).toEqual({ wires: [], values: [], satisfied: true });
  });
});

describe("elimination over F", () => {
  it("finds the rank that dense elimination finds", () => {
    fc.assert(
      fc.property(matrix, (rows) => {
        const { rank, columns, freeColumns } = eliminate(sparse(rows));
        expect(rank).toBe(denseRank(rows));
        expect(columns - rank).toBe(freeColumns.length);
      }),
    );
  });

  it("yields kernel vectors: the matrix maps them to 0, and the free columns have the given values", () => {
    fc.assert(
      fc.property(matrix, (rows) => {
        const elimination = eliminate(sparse(rows));
        const vector = kernelVector(elimination, seededElements("test"));
        for (const row of rows) {
          const image = row.reduce((sum, value, column) => sum + value * (vector.get(column) ?? 0n), 0n);
          expect(reduce(image)).toBe(0n);
        }
        for (const column of elimination.freeColumns) expect(vector.get(column)).not.toBe(undefined);
      }),
    );
  });

  it("inverts every element other than 0", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: FIELD_ORDER - 1n }), (value) => {
        expect(reduce(value * inverse(value))).toBe(1n);
      }),
    );
  });
});
