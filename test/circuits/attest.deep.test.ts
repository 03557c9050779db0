import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Twins } from "../../soundness/index.js";
import { attestSignals } from "../../src/proof/index.js";
import { attestReference } from "../../tools/circuits/reference/index.js";
import { assemble, trueIngredients } from "../../tools/circuits/statements.js";
import { describeAcceptCases } from "./accept.js";
import { expectSignals } from "./compare-signals.js";
import { describeLies } from "./refuse.js";
import { smallInstance } from "./small-instance.js";

let twins: Twins;

beforeAll(async () => {
  twins = await smallInstance("attest-small");
});

describe("attest accepts", () => {
  it("T19: true statements over random digests, with every signal as computed outside", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), (seed) => {
        const { statement, input } = assemble(trueIngredients(seed));
        expect(twins.real.calculator.calculate(input).slice(1, 8)).toEqual(attestSignals(statement));
        expectSignals(twins, input, attestReference(input).signals);
      }),
      { numRuns: 5 },
    );
  });
});

describeAcceptCases("attest-small");
describeLies("attest-small", 200);
