import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { assemble, trueIngredients } from "../../tools/circuits/statements.js";
import { smallInstance } from "../circuits/small-instance.js";

/** The values that stand in the repository (digests.test.ts). */
const shared = JSON.parse(readFileSync("test/digests/digests.json", "utf8")) as Record<string, string>;
const value = (name: string): bigint => BigInt(shared[name]!);

it("the shared digests are those of the attest circuit: commitment, all roots, and through the signatures report and message", async () => {
  const circuit = (await smallInstance("attest-small")).real.calculator;
  const { input } = assemble(trueIngredients());
  const signals = {
    ...input,
    commitment: value("attestCommitment"),
    auditorRoot: value("auditorRoot"),
    vectorRoot: value("vectorRoot"),
    layoutRoot: value("oldLayoutRoot"),
  };
  expect(() => circuit.calculate(signals)).not.toThrow();
});
