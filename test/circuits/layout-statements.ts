import { type Change, declaredLabel, digest, type Ingredients } from "../../tools/circuits/statements.js";
import { type FalseStatement, MINUS_ONE, setAt, withIngredients, withSignals } from "./lies.js";

const KEPT = "LayoutPreserved";
/** Lies about the storage layouts. */
export const FALSE_LAYOUTS: readonly FalseStatement[] = [
  withIngredients("variable moved to another slot", KEPT, (i) => {
    i.new[4]!.lo += 32n;
  }),
  withIngredients("variable moved within its slot", KEPT, (i) => {
    i.new.splice(1, 1);
    i.new[0]!.lo += 1n;
  }),
  withIngredients("variable moved to another stretch", KEPT, (i) => {
    i.new[4]!.hi -= 1n;
  }),
  withIngredients("variable resized", KEPT, (i) => {
    i.new[0]!.size -= 1n;
  }),
  withIngredients("variable retyped", KEPT, (i) => {
    i.new[0]!.type = digest(91);
  }),
  withIngredients("variable renamed", KEPT, (i) => {
    i.new[0]!.label = digest(91);
  }),
  withIngredients("variable turned into a gap", KEPT, (i) => {
    i.new[0]!.gap = 1n;
    i.new[0]!.keep = 0n;
  }),
  withIngredients("last variable deleted", KEPT, (i) => i.new.pop()),
  withIngredients("first variable deleted", KEPT, (i) => i.new.shift()),
  withIngredients("all variables deleted", KEPT, (i) => {
    i.new = [];
  }),
  withIngredients("kept variable not marked as kept", KEPT, (i) => {
    i.new[0]!.keep = 0n;
  }),
  withIngredients("new variable marked as kept", KEPT, (i) => {
    i.new[1]!.keep = 1n;
  }),
  withIngredients("new variable marked as kept in place of an old one", KEPT, (i) => {
    i.new[0]!.keep = 0n;
    i.new[1]!.keep = 1n;
  }),
  withIngredients("kept variable listed twice", "Num2Bits", (i) => i.new.splice(1, 1, { ...i.new[0]! })),
  withIngredients("variable that overlaps a kept one", "Num2Bits", (i) => {
    i.new[1]!.lo -= 1n;
  }),
  withIngredients("variable that overlaps a kept one from before", "Num2Bits", (i) => {
    i.new.splice(1, 2);
    i.new.splice(1, 0, { ...i.new[2]!, lo: 60n, size: 8n, keep: 0n, type: digest(90) });
  }),
  withIngredients("entries out of order", "Num2Bits", (i) => {
    [i.new[1], i.new[2]] = [i.new[2]!, i.new[1]!];
  }),
  withIngredients("stretches out of order", "Num2Bits", (i) => i.new.unshift(i.new.pop()!)),
  withIngredients("position limb of 2^45", "Num2Bits", (i) => {
    i.new[3]!.lo = 2n ** 45n;
  }),
  withIngredients("position limb of p - 1", "Num2Bits", (i) => {
    i.new[1]!.lo = MINUS_ONE;
  }),
  withIngredients("position limb of 2^128", "Num2Bits", (i) => {
    i.new[3]!.lo = 2n ** 128n;
  }),
  withIngredients("empty entry", "Num2Bits", (i) => {
    i.new[1]!.size = 0n;
  }),
  withIngredients("size of 2^40 + 1", "Num2Bits", (i) => {
    i.new[4]!.keep = 0n;
    i.new[3]!.size = 2n ** 40n + 1n;
  }),
  withIngredients("size of p - 1", "Num2Bits", (i) => {
    i.new[1]!.size = MINUS_ONE;
  }),
  withIngredients("entry past the end of its stretch", "Num2Bits", (i) => {
    i.new[3]!.lo = 2n ** 45n - 31n;
  }),
  withIngredients("first stretch of 2^216", "Num2Bits", (i) => {
    i.old = [];
    i.new = [{ ...i.new[1]!, hi: 2n ** 216n }];
  }),
  withIngredients("last stretch of 2^216", "Num2Bits", (i) => i.new.push({ ...i.new[1]!, hi: 2n ** 216n })),
  withIngredients("stretch of p - 1, one before slot 0", "Num2Bits", (i) =>
    i.new.push({ ...i.new[1]!, hi: MINUS_ONE }),
  ),
  withIngredients("kept mark of 2", "NewLayoutEntry", (i) => {
    i.new[0]!.keep = 2n;
  }),
  withIngredients("kept gap", "NewLayoutEntry", (i) => {
    i.new[3]!.keep = 1n;
  }),
  withSignals("kept padding", "NewLayoutEntry", setAt("newKeep", 6, 1n)),
  withSignals("old gap mark of 2", "LayoutEntryDigest", setAt("oldGap", 0, 2n)),
  withSignals("new gap mark of 2", "LayoutEntryDigest", setAt("newGap", 1, 2n)),
  withSignals("old variable re-read as a gap", "Attest", (s) => {
    s.oldGap![0] = 1n;
    s.newKeep![0] = 0n;
  }),
  withSignals("old gap re-read as a variable", KEPT, setAt("oldGap", 1, 0n)),
  withIngredients(
    "old variable re-read as a gap and overwritten",
    "Attest",
    (i) => {
      i.old[0]!.gap = 1n;
      i.new[0] = { ...i.new[0]!, type: digest(89), keep: 0n };
    },
    ["layoutRoot"],
  ),
  withIngredients(
    "old variable left out",
    "Attest",
    (i) => {
      i.old.shift();
      i.new.shift();
    },
    ["layoutRoot"],
  ),
  withIngredients(
    "old variable moved along with the new one",
    "Attest",
    (i) => {
      i.old[2]!.lo += 32n;
      i.new[4]!.lo += 32n;
    },
    ["layoutRoot"],
  ),
  ...(["oldHi", "oldPacked", "oldType", "oldLabel", "newHi", "newType", "newLabel"] as const).map((signal) =>
    withSignals(`padding with a value in ${signal}`, "ZeroWhereUnused", (s) => {
      s[signal]![s[signal]!.length - 1] = 1n;
    }),
  ),
  withSignals("old padding marked as a gap", "ZeroWhereUnused", setAt("oldGap", 4, 1n)),
  withSignals("new padding marked as a gap", "ZeroWhereUnused", setAt("newGap", 6, 1n)),
  withSignals("new padding with a position", "ZeroWhereUnused", setAt("newLo", 6, 1n)),
  withSignals("new padding with a size", "ZeroWhereUnused", setAt("newSize", 6, 1n)),
  withSignals("old mark of 2", "Prefix", setAt("oldUsed", 2, 2n)),
  withSignals("new mark of 2", "Prefix", setAt("newUsed", 5, 2n)),
  withSignals("hole in the old marks", "Prefix", setAt("oldUsed", 1, 0n)),
  withSignals("hole in the new marks", "Prefix", setAt("newUsed", 1, 0n)),
];

/** Tells the one change of the true statement otherwise, and lets the new list say the same. */
function changeTold(ingredients: Ingredients, told: Partial<Change["new"]>): void {
  const [change] = ingredients.changes as [Change];
  Object.assign(change.new, told);
  const { typeDigest, name, declared } = change.new;
  Object.assign(ingredients.new[5]!, {
    type: typeDigest,
    label: declared === 1n ? declaredLabel(change.new) : name,
  });
}

const UNCHANGED = { declared: 0n, formerName: 0n, formerType: 0n };

/** Lies about variables whose name or type changes. */
export const FALSE_CHANGES: readonly FalseStatement[] = [
  withIngredients("new name that tells another former name", "LayoutChange", (i) =>
    changeTold(i, { formerName: digest(70) }),
  ),
  withIngredients("new type that tells another former type", "LayoutChange", (i) =>
    changeTold(i, { formerType: digest(70) }),
  ),
  withIngredients("new name that tells a former type only", "LayoutChange", (i) =>
    changeTold(i, { formerName: 0n }),
  ),
  withIngredients("new type that tells a former name only", "LayoutChange", (i) =>
    changeTold(i, { formerType: 0n }),
  ),
  withIngredients("new name without a declaration", "LayoutChange", (i) =>
    changeTold(i, { ...UNCHANGED, typeDigest: i.changes[0]!.old.typeDigest }),
  ),
  withIngredients("new type without a declaration", "LayoutChange", (i) =>
    changeTold(i, { ...UNCHANGED, name: i.changes[0]!.old.name }),
  ),
  withIngredients("former name that only the old declaration tells", "LayoutChange", (i) => {
    const [{ old }] = i.changes as [Change];
    Object.assign(old, { declared: 1n, formerName: digest(71) });
    i.old[3]!.label = declaredLabel(old);
    changeTold(i, { formerName: digest(71) });
  }),
  withIngredients("declaration that the new list does not hold", KEPT, (i) => {
    i.new[5]!.label = i.changes[0]!.new.name;
  }),
  withIngredients("declaration that the old list does not hold", KEPT, (i) => {
    Object.assign(i.changes[0]!.old, { declared: 1n, formerName: digest(72) });
  }),
  withIngredients("declared mark of 2", "DeclaredLabel", (i) => {
    i.changes[0]!.old.declared = 2n;
  }),
  withIngredients("changed variable moved", KEPT, (i) => {
    i.new[5]!.lo += 32n;
  }),
  withIngredients("changed variable moved along with its change", KEPT, (i) => {
    i.new[5]!.lo += 32n;
    i.changes[0]!.packed += 32n;
  }),
  withIngredients("changed variable moved to another stretch", KEPT, (i) => {
    i.new[5]!.hi += 1n;
    i.changes[0]!.hi += 1n;
  }),
  withIngredients("changed variable resized", KEPT, (i) => {
    i.new[5]!.size += 1n;
    i.changes[0]!.packed += 2n ** 45n;
  }),
  withIngredients("changed variable turned into a gap", "NewLayoutEntry", (i) => {
    i.new[5]!.gap = 1n;
  }),
  withIngredients("change of an old gap", KEPT, (i) => {
    i.old[1]!.changed = 1n;
  }),
  withIngredients("changed variable deleted", KEPT, (i) => i.new.pop()),
  withIngredients("changed variable deleted along with its change", KEPT, (i) => {
    i.new.pop();
    i.changes.pop();
  }),
  withIngredients("variable deleted under the mark of a change", KEPT, (i) => {
    i.old[0]!.changed = 1n;
    i.new.shift();
  }),
  withIngredients("new variable under the mark of a change", KEPT, (i) => {
    i.new[1]!.changed = 1n;
  }),
  withIngredients("change that starts from no old variable", KEPT, (i) => {
    i.old.pop();
  }),
  withIngredients("change that ends in no new variable", KEPT, (i) => {
    i.new[5]!.changed = 0n;
  }),
  withIngredients("one old variable changed into two", KEPT, (i) => {
    i.new.push({ ...i.new[5]!, lo: 160n });
    i.changes.push({ ...i.changes[0]!, packed: i.changes[0]!.packed + 32n });
  }),
  withIngredients("change through a declaration that stands in neither list", KEPT, (i) => {
    const [{ old, new: between, hi, packed }] = i.changes as [Change];
    const end = { ...UNCHANGED, typeDigest: between.typeDigest, name: between.name };
    i.changes = [
      { hi, packed, old, new: between },
      { hi, packed, old: between, new: end },
    ];
    Object.assign(i.new[5]!, { type: end.typeDigest, label: end.name });
  }),
  withIngredients("old change mark of 2", KEPT, (i) => {
    i.old[3]!.changed = 2n;
  }),
  withIngredients("new change mark of 2", "NewLayoutEntry", (i) => {
    i.new[5]!.changed = 2n;
  }),
  withIngredients("variable both kept and changed", "NewLayoutEntry", (i) => {
    i.new[5]!.keep = 1n;
  }),
  withSignals("change mark of 2", KEPT, setAt("changeUsed", 0, 2n)),
  withSignals("change not marked as used", KEPT, setAt("changeUsed", 0, 0n)),
  withSignals("unused change marked as used", KEPT, setAt("changeUsed", 1, 1n)),
  withSignals("old padding marked as changed", KEPT, setAt("oldChanged", 4, 1n)),
  withSignals("new padding marked as changed", "NewLayoutEntry", setAt("newChanged", 6, 1n)),
];
