import { expect, it } from "vitest";
import { bindCase } from "../../tools/circuits/bind-case.js";
import { attestReference, bindReference } from "../../tools/circuits/reference/index.js";
import { assemble, trueIngredients } from "../../tools/circuits/statements.js";
import { uncomparedSignals } from "./compare-signals.js";
import { smallInstance } from "./small-instance.js";

it("T19: whatever the circuits compute, something outside computes a second time", async () => {
  const { signals } = attestReference(assemble(trueIngredients()).input);
  expect(uncomparedSignals(await smallInstance("attest-small"), signals.keys())).toEqual([]);
  const bind = bindReference(bindCase(Uint8Array.of(1)).input);
  expect(uncomparedSignals(await smallInstance("bind-small"), bind.keys())).toEqual([]);
});
