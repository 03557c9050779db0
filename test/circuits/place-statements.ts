import { lazily } from "../../src/lazily.js";
import {
  assemble,
  type Change,
  declaredLabel,
  digest,
  type Entry,
  type Ingredients,
  trueIngredients,
} from "../../tools/circuits/statements.js";
import { type FalseStatement, MINUS_ONE, type Signals, setAt, withIngredients, withSignals } from "./lies.js";

// Lies at the first and the last place of a list, and at the ends of a range: each breaks one constraint only, so that
// nothing else refuses it where that is missing.

const HALF = (MINUS_ONE + 2n) / 2n;
const STRETCH = 2n ** 45n;
const NOTHING: Entry = { hi: 0n, lo: 0n, size: 0n, type: 0n, label: 0n, gap: 0n, keep: 0n, changed: 0n };

/** A variable that the old layout does not have. */
const added = (i: Ingredients, entry: Partial<Entry>): Entry => ({ ...i.new[1]!, ...entry });

const VECTORS: readonly FalseStatement[] = [
  withIngredients("only vector fails where nothing is waived", "Num2Bits", (i) => {
    i.baseline.splice(0, 3, { ...i.baseline[0]!, outcome: digest(50) });
    i.maxWaivers = 0n;
  }),
  withIngredients("last vector of a full set fails beyond the waivers", "Num2Bits", (i) => {
    i.baseline.push({ ...i.baseline[0]!, inputDigest: digest(51), outcome: digest(50) });
  }),
  withIngredients("waivers of 2^(depth + 1)", "Num2Bits", (i) => {
    i.maxWaivers = 8n;
  }),
  ...[0, 1, 3].map((place) =>
    withIngredients(`incident input that is baseline input ${place} of a full set`, "IncidentVector", (i) => {
      i.baseline.push({ ...i.baseline[0]!, inputDigest: digest(51) });
      i.incidents[0]!.inputDigest = i.baseline[place]!.inputDigest;
    }),
  ),
  withIngredients("last incident input of a full set that is a baseline input", "IncidentVector", (i) => {
    i.incidents.push({ ...i.incidents[0]!, inputDigest: i.baseline[0]!.inputDigest });
  }),
];

const POSITIONS: readonly FalseStatement[] = [
  withIngredients("first entry in stretch p - 1", "Num2Bits", (i) => {
    i.new.unshift(added(i, { hi: MINUS_ONE, lo: 0n }));
  }),
  withIngredients("last entry of a full list in stretch 2^216", "Num2Bits", (i) => {
    i.new.push(added(i, { hi: 2n ** 216n }));
  }),
  withIngredients("position limb of p - 32, an entry that begins in the stretch before", "Num2Bits", (i) => {
    i.new[3] = added(i, { hi: 1n, lo: MINUS_ONE - 31n, size: 64n });
  }),
  withIngredients("last entry of a full list that overlaps the one before", "Num2Bits", (i) => {
    const { hi, lo } = i.new[5]!;
    i.new.push(added(i, { hi, lo: lo + 15n }));
  }),
  withIngredients("entry of 2^40 + 1 bytes", "Num2Bits", (i) => {
    const { hi } = i.new[5]!;
    i.new.push(added(i, { hi, lo: 2n ** 20n, size: 2n ** 40n + 1n }));
  }),
  withIngredients("entry that ends one byte after its stretch", "Num2Bits", (i) => {
    const { hi } = i.new[5]!;
    i.new.push(added(i, { hi, lo: STRETCH - 31n, size: 32n }));
  }),
];

/** What C or the auditors' report covers is told otherwise afterwards, and nothing else is wrong with it. */
const COVERED: readonly FalseStatement[] = [
  withSignals("new variable that is not the one inside C", "Attest", setAt("newType", 1, digest(55))),
  {
    name: "outcomes of two waived vectors swapped after the auditors signed",
    refusedBy: "ForceEqualIfEnabled",
    input: lazily(() => {
      const ingredients = trueIngredients();
      ingredients.baseline[0]!.outcome = digest(56);
      ingredients.maxWaivers = 2n;
      const signals = structuredClone(assemble(ingredients).input) as Signals;
      const [first, second, ...rest] = signals.baselineOutcome!;
      return { ...signals, baselineOutcome: [second!, first!, ...rest] };
    }),
  },
];

/** New lists that are no lists, although C covers them. */
const NEW_MARKS: readonly FalseStatement[] = [
  withIngredients("new gap mark of 2 that C covers", "LayoutEntryDigest", (i) => {
    i.new[1]!.gap = 2n;
  }),
  withIngredients("new mark of p - 1 that C covers", "Prefix", (i) => {
    i.new.push(NOTHING);
    i.newUsed = [1n, 1n, 1n, 1n, 1n, 1n, MINUS_ONE];
  }),
  withIngredients("hole in the new marks that C covers", "Prefix", (i) => {
    i.new.splice(1, 1, NOTHING);
    i.newUsed = [1n, 0n, 1n, 1n, 1n, 1n];
  }),
  withIngredients("hole at the first new place that C covers", "Prefix", (i) => {
    i.old.shift();
    i.new.splice(0, 1, NOTHING);
    i.newUsed = [0n, 1n, 1n, 1n, 1n, 1n];
  }),
];

/** Lets the one change of the true statement, and the new list, tell a former name and type. */
function retell(i: Ingredients, told: Partial<Change["new"]>): void {
  const [change] = i.changes as [Change];
  Object.assign(change.new, told);
  const { name, declared } = change.new;
  const label = (name + declared * (declaredLabel(change.new) - name)) % (MINUS_ONE + 1n);
  Object.assign(i.new[5]!, {
    type: change.new.typeDigest,
    label: label < 0n ? label + MINUS_ONE + 1n : label,
  });
}

const CHANGES: readonly FalseStatement[] = [
  // declaredName = 2 (formerName - oldName) = 1 is what the rule asks for where declared is 2.
  withIngredients("new declared mark of 2, and former name and type that were none", "DeclaredLabel", (i) => {
    const [{ old }] = i.changes as [Change];
    const past = (value: bigint) => (value + HALF) % (MINUS_ONE + 1n);
    retell(i, { declared: 2n, formerName: past(old.name), formerType: past(old.typeDigest) });
  }),
  withIngredients(
    "two old variables at one place, one kept and one changed into it",
    "NewLayoutEntry",
    (i) => {
      const merged = i.new[5]!;
      i.old.push({ ...merged, changed: 0n });
      merged.keep = 1n;
    },
  ),
  withIngredients("last change of a full list to another type, undeclared", "LayoutChange", (i) => {
    const [{ old, new: side, ...place }] = i.changes as [Change];
    const packed = place.packed + 32n;
    const undeclared = { ...old, typeDigest: digest(52) };
    i.old.push({ ...i.old[3]!, lo: 160n });
    i.new.push({ ...i.new[5]!, lo: 160n, type: undeclared.typeDigest, label: undeclared.name });
    i.changes.push({ ...place, packed, old, new: undeclared });
  }),
  withIngredients("last old variable of a full list dropped", "LayoutPreserved", (i) => {
    i.old.push({ ...i.old[2]!, lo: 160n, label: digest(53) });
  }),
  withIngredients("last new variable of a full list renamed", "LayoutPreserved", (i) => {
    i.old.push({ ...i.old[2]!, lo: 160n, label: digest(53) });
    i.new.push({ ...i.new[4]!, lo: 160n, label: digest(54) });
  }),
];

const SIGNERS: readonly FalseStatement[] = [
  withIngredients("last auditors of a full list out of order", "Num2Bits", (i) => {
    i.signers = [0, 4, 3];
  }),
];

export const FALSE_PLACES: readonly FalseStatement[] = [
  ...VECTORS,
  ...POSITIONS,
  ...COVERED,
  ...NEW_MARKS,
  ...CHANGES,
  ...SIGNERS,
];
