import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { WitnessCalculator } from "../../soundness/index.js";
import { attestSignals } from "../../src/proof/index.js";
import { assemble, trueIngredients } from "../../tools/circuits/statements.js";
import { describeAcceptCases } from "./accept.js";
import { FALSE_ATTEST_STATEMENTS } from "./false-statements.js";
import { describeFalseStatements, smallInstance } from "./refuse.js";

let circuit: WitnessCalculator;

beforeAll(async () => {
  circuit = (await smallInstance("attest-small")).real.calculator;
});

describe("attest accepts", () => {
  it("true statements over random digests", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), (seed) => {
        const { statement, input } = assemble(trueIngredients(seed));
        expect(circuit.calculate(input).slice(1, 8)).toEqual(attestSignals(statement));
      }),
      { numRuns: 5 },
    );
  });
});

describeAcceptCases("attest-small");
describeFalseStatements("attest-small", FALSE_ATTEST_STATEMENTS, 60);
