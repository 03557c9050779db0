import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadCircuit, type WitnessCalculator } from "../../soundness/index.js";
import {
  compareLayouts,
  diffLayouts,
  type Layout,
  type LayoutDiff,
  layoutWitness,
  readContractLayout,
} from "../../src/layout/index.js";
import { buildCircuit, layoutInput } from "../../src/proof/index.js";
import { INSTANCES } from "../../tools/circuits/instances.js";
import { compileSolidity } from "../../tools/solc.js";
import { applyEdit, type Edit, edit, type Model, model, solidityOf } from "./sources.js";

/** Sizes of test/circuits/instances/layout-small.circom. */
const CAPACITY = { oldEntries: 40, newEntries: 48, changes: 2 };
const PAIRS = 150;
// The same pairs on every run: what is rare enough to be missed here must not fail somebody else's change. Another seed
// looks elsewhere.
const SEED = Number(process.env.SEALPATCH_SEED ?? 1);

interface Pair {
  readonly edits: readonly Edit[];
  readonly source: string;
  readonly old: Layout;
  readonly next: Layout;
  readonly diff: LayoutDiff;
}

let pairs: Pair[];
let circuit: WitnessCalculator;

beforeAll(async () => {
  const drawn = fc.sample(fc.tuple(model, fc.array(edit, { maxLength: 3 })), { numRuns: PAIRS, seed: SEED });
  const models = drawn.map(([first, edits]): [Model, readonly Edit[], Model] => [
    first,
    edits,
    edits.reduce((current, step, index) => applyEdit(current, step, index), first),
  ]);
  const sources: Record<string, string> = { "IToken.sol": "interface IToken {}" };
  models.forEach(([first, , last], index) => {
    sources[`old${index}.sol`] = solidityOf(first);
    sources[`new${index}.sol`] = solidityOf(last);
  });
  const output = compileSolidity({ code: false, sources });
  pairs = models.map(([, edits], index) => {
    const old = readContractLayout(output, `old${index}.sol:C`);
    const next = readContractLayout(output, `new${index}.sol:C`);
    const source = `${sources[`old${index}.sol`]}\n${sources[`new${index}.sol`]}`;
    return { edits, source, old: old.layout, next: next.layout, diff: diffLayouts(old, next, CAPACITY) };
  });
  circuit = (await loadCircuit(await buildCircuit({ source: INSTANCES["layout-small"] }))).calculator;
}, 600_000);

describe("over random contracts and random edits", () => {
  it("all verdicts come up, each often enough to say something", () => {
    const count = (wanted: (pair: Pair) => boolean) => pairs.filter(wanted).length;
    expect(count(({ diff }) => diff.verdict === "preserved")).toBeGreaterThan(PAIRS / 10);
    expect(count(({ diff }) => diff.verdict === "broken")).toBeGreaterThan(PAIRS / 10);
    expect(count(({ diff }) => diff.verdicts.upgradesCore === "safe")).toBeGreaterThan(PAIRS / 10);
    expect(count(({ diff }) => diff.verdicts.upgradesCore === "unsupported")).toBe(0);
  });

  it("the verdict is never weaker than that of upgrades-core", () => {
    for (const { diff } of pairs) {
      if (diff.verdicts.upgradesCore === "unsafe") expect(diff.verdict).toBe("broken");
    }
  });

  it("the rule is broken where upgrades-core says so, save for gaps and for unused bytes of a struct", () => {
    for (const { diff, source } of pairs) {
      const { upgradesCore, canonical } = diff.verdicts;
      if (upgradesCore !== "unsafe" || canonical === "broken") continue;
      const objections = diff.findings.filter(({ code }) => code === "layout/upgrades-core");
      expect(objections.length).toBeGreaterThan(0);
      for (const { message } of objections) expect(`${message}\n${source}`).toMatch(/^[^\n]*(gap|Added)/);
    }
  });

  it("upgrades-core objects where the rule is broken, save for what docs/layout.md lists", () => {
    for (const { diff, source } of pairs) {
      const { upgradesCore, canonical } = diff.verdicts;
      if (upgradesCore !== "safe" || canonical === "preserved") continue;
      for (const finding of diff.findings) {
        expect({ source, finding }).toMatchObject({ finding: { message: "one of the list" } });
      }
    }
  });

  it("T19: the circuit accepts a pair of layouts exactly if the rule does, and computes their roots", () => {
    let accepted = 0;
    for (const { old, next, diff } of pairs) {
      if (diff.verdicts.circuit === "too-large") continue;
      const witness = layoutWitness(compareLayouts(old, next), CAPACITY);
      let signals: readonly bigint[] | undefined;
      try {
        signals = circuit.calculate(layoutInput(witness, CAPACITY));
        accepted++;
      } catch (error) {
        expect(error).toMatchObject({ code: "soundness/witness-refused" });
      }
      expect(signals !== undefined).toBe(diff.verdicts.canonical === "preserved");
      expect(diff.verdicts.circuit).toBe(signals === undefined ? "refused" : "provable");
      if (signals !== undefined) expect(signals.slice(1, 3)).toEqual([witness.oldRoot, witness.newRoot]);
    }
    expect(accepted).toBeGreaterThan(PAIRS / 10);
  });
});
