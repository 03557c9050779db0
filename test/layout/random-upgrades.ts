import fc from "fast-check";
import type { Upgrade } from "./evm-truth.js";
import { equalNames, type Model, model, solidityOf } from "./random-contracts.js";
import { applyEdit, baseEdit, type Edit, edit, renamesOf } from "./random-edits.js";

const edited = (first: fc.Arbitrary<Model>, steps: fc.Arbitrary<Edit>) =>
  fc.tuple(first, fc.array(steps, { minLength: 1, maxLength: 2 })).map(([old, edits]): Upgrade => {
    const next = edits.reduce((current, step, index) => applyEdit(current, step, index), old);
    return { old: solidityOf(old), next: solidityOf(next), renamed: renamesOf(next) };
  });

/** Random upgrades of a contract C, weighted to recursion, equal names, namespaces, packed members and gaps. */
export const upgrade: fc.Arbitrary<Upgrade> = fc.oneof(
  { weight: 5, arbitrary: edited(model, edit) },
  { weight: 1, arbitrary: edited(equalNames, baseEdit) },
);
