import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { WitnessCalculator } from "../../scripts/soundness/index.js";
import { attestSignals } from "../../src/proof/index.js";
import { FALSE_ATTEST_STATEMENTS } from "./false-statements.js";
import { describeFalseStatements, smallInstance } from "./refuse.js";
import { assemble, trueIngredients } from "./statements.js";

let circuit: WitnessCalculator;

beforeAll(async () => {
  circuit = (await smallInstance("attest-small")).real.calculator;
});

describe("attest accepts", () => {
  const accepts = (ingredients = trueIngredients()): void => {
    const { statement, input } = assemble(ingredients);
    const witness = circuit.calculate(input);
    expect(witness.slice(1, 8)).toEqual(attestSignals(statement));
  };

  it("true statements over random digests", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), (seed) => accepts(trueIngredients(seed))),
      { numRuns: 5 },
    );
  });

  it("more signers than the threshold", () => {
    const ingredients = trueIngredients();
    ingredients.signers = [1, 2, 4];
    accepts(ingredients);
  });

  it("lists that fill their places", () => {
    const ingredients = trueIngredients();
    const [first] = ingredients.baseline;
    ingredients.baseline.push({ ...first!, inputDigest: 5n });
    ingredients.incidents.push({ inputDigest: 6n, expectation: 7n, currentOutcome: 8n });
    ingredients.old.push({ ...ingredients.old[2]!, lo: 96n, label: 9n });
    ingredients.new.push({ ...ingredients.old[3]!, keep: 1n });
    accepts(ingredients);
  });

  it("an old layout without variables", () => {
    const ingredients = trueIngredients();
    ingredients.old = [];
    for (const entry of ingredients.new) entry.keep = 0n;
    accepts(ingredients);
  });

  it("two contracts without variables", () => {
    const ingredients = trueIngredients();
    ingredients.old = [];
    ingredients.new = [];
    accepts(ingredients);
  });
});

describeFalseStatements("attest-small", FALSE_ATTEST_STATEMENTS, 60);
