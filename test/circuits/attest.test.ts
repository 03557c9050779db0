import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Twins } from "../../soundness/index.js";
import { attestSignals } from "../../src/proof/index.js";
import { attestReference } from "../../tools/circuits/reference/index.js";
import {
  assemble,
  type Change,
  declaredLabel,
  digest,
  trueIngredients,
} from "../../tools/circuits/statements.js";
import { expectSignals } from "./compare-signals.js";
import { negated, signTwiceAs } from "./key-statements.js";
import type { Signals } from "./lies.js";
import { describeLies } from "./refuse.js";
import { smallInstance } from "./small-instance.js";

let twins: Twins;

beforeAll(async () => {
  twins = await smallInstance("attest-small");
});

describe("attest accepts", () => {
  const accepts = (ingredients = trueIngredients()): void => {
    const { statement, input } = assemble(ingredients);
    const witness = twins.real.calculator.calculate(input);
    expect(witness.slice(1, 8)).toEqual(attestSignals(statement));
    expectSignals(twins, input, attestReference(input).signals);
  };

  it("T19: true statements over random digests, with every signal as computed outside", () => {
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

  it("T09: a key and its negative as two auditors", () => {
    const truth = assemble(trueIngredients());
    const signals = structuredClone(truth.input) as Signals;
    signTwiceAs(negated())(signals, truth);
    expect(() => twins.real.calculator.calculate(signals)).not.toThrow();
  });

  it("lists that fill their places", () => {
    const ingredients = trueIngredients();
    const [first] = ingredients.baseline;
    ingredients.baseline.push({ ...first!, inputDigest: 5n });
    ingredients.incidents.push({ inputDigest: 6n, expectation: 7n, runs: 0n, currentOutcome: 8n });
    ingredients.old.push({ ...ingredients.old[2]!, lo: 160n, label: 9n });
    ingredients.new.push({ ...ingredients.old[4]!, keep: 1n });
    accepts(ingredients);
  });

  it.each([
    [
      "only a new name",
      (side: Change["new"], old: Change["old"]) => {
        side.typeDigest = old.typeDigest;
        side.formerType = 0n;
      },
    ],
    [
      "only a new type",
      (side: Change["new"], old: Change["old"]) => {
        side.name = old.name;
        side.formerName = 0n;
      },
    ],
    [
      "a declared past where nothing changes",
      (side: Change["new"], old: Change["old"]) => {
        side.name = old.name;
        side.typeDigest = old.typeDigest;
      },
    ],
  ])("%s, declared", (_, change) => {
    const ingredients = trueIngredients();
    const [{ old, new: side }] = ingredients.changes as [Change];
    change(side, old);
    Object.assign(ingredients.new[5]!, { type: side.typeDigest, label: declaredLabel(side) });
    accepts(ingredients);
  });

  it("a variable whose declared past is left out later, and one that tells another", () => {
    for (const keepsDeclaration of [false, true]) {
      const ingredients = trueIngredients();
      const [change] = ingredients.changes as [Change];
      change.old = { ...change.old, declared: 1n, formerName: digest(80), formerType: digest(81) };
      ingredients.old[3]!.label = declaredLabel(change.old);
      if (!keepsDeclaration) {
        change.new = { ...change.old, declared: 0n, formerName: 0n, formerType: 0n };
        Object.assign(ingredients.new[5]!, { type: change.new.typeDigest, label: change.new.name });
      }
      accepts(ingredients);
    }
  });

  it("as many changes as it has room for", () => {
    const ingredients = trueIngredients();
    const [change] = ingredients.changes as [Change];
    ingredients.old.push({ ...ingredients.old[3]!, lo: 160n });
    ingredients.new.push({ ...ingredients.new[5]!, lo: 160n });
    ingredients.changes.push({ ...change, packed: change.packed + 32n });
    accepts(ingredients);
  });

  it("an old layout without variables", () => {
    const ingredients = trueIngredients();
    ingredients.old = [];
    ingredients.changes = [];
    for (const entry of ingredients.new) Object.assign(entry, { keep: 0n, changed: 0n });
    accepts(ingredients);
  });

  it("two contracts without variables", () => {
    const ingredients = trueIngredients();
    ingredients.old = [];
    ingredients.new = [];
    ingredients.changes = [];
    accepts(ingredients);
  });
});

describeLies("attest-small", 180);
