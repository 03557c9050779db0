import { inverse, reduce } from "../../soundness/modular.js";
import { lazily } from "../../src/lazily.js";
import type { CircuitInput } from "../../src/proof/index.js";
import { attestReference } from "../../tools/circuits/reference/index.js";
import { assemble, digest, type Ingredients, trueIngredients } from "../../tools/circuits/statements.js";
import { FALSE_ATTEST_STATEMENTS } from "./false-statements.js";
import type { ForgedWitness } from "./lies.js";

// Lies in values that no input decides: the hints of circomlib's templates. Inputs alone do not try these constraints, since
// the calculator computes hints truthfully.

/** The input of a false statement. */
function inputOf(statement: string): () => CircuitInput {
  const found = FALSE_ATTEST_STATEMENTS.find(({ name }) => name === statement);
  if (found === undefined) throw new Error(`no false statement ${statement}`);
  return found.input;
}

/** The input of a true statement. */
const truth = (change: (ingredients: Ingredients) => void = () => {}): (() => CircuitInput) =>
  lazily(() => {
    const ingredients = trueIngredients();
    change(ingredients);
    return assemble(ingredients).input;
  });

const noBits = (component: string, count: number): Record<string, bigint> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${component}.out[${i}]`, 0n]));

/** A false statement whose number out of range is written as one "bit", the lowest, and zeros. */
function asOneBit(statement: string, component: string, bits: number): ForgedWitness {
  const input = inputOf(statement);
  const signals = () => {
    const value = attestReference(input()).signals.get(`${component}.in`)!;
    return { ...noBits(component, bits), [`${component}.out[0]`]: value };
  };
  return { name: `${statement}, written as one bit`, input, signals };
}

/** What makes an IsZero at this component say that its input is 0. */
const zero = (component: string): Record<string, bigint> => ({
  [`${component}.inv`]: 0n,
  [`${component}.out`]: 1n,
});

/** What makes an IsZero at this component answer truthfully to this input, not 0, which a forged signal leads to. */
const nonZero = (component: string, value: bigint): Record<string, bigint> => ({
  [`${component}.in`]: reduce(value),
  [`${component}.inv`]: inverse(reduce(value)),
  [`${component}.out`]: 0n,
});

const BITS: readonly ForgedWitness[] = [
  asOneBit("threshold of 0", "main.auditors.thresholdPositive", 2),
  asOneBit("one attestation where two are needed", "main.auditors.thresholdReached", 2),
  asOneBit("auditors out of order", "main.auditors.increasing[1]", 3),
  asOneBit("index of 2^depth where one key has every place", "main.auditors.slots[0].path.side", 3),
  asOneBit("waivers of 2^(depth + 1)", "main.results.waiversInRange", 3),
  asOneBit("failing vector where nothing is waived", "main.results.waiversSuffice", 3),
  asOneBit(
    "position limb of p - 32, an entry that begins in the stretch before",
    "main.layout.newDigests[3].loRange",
    45,
  ),
  asOneBit("entry of 2^40 + 1 bytes", "main.layout.newDigests[6].sizeRange", 40),
  asOneBit("entry that ends one byte after its stretch", "main.layout.newDigests[6].endRange", 46),
  asOneBit("first entry in stretch p - 1", "main.layout.order.firstRange", 216),
  asOneBit("last entry of a full list in stretch 2^216", "main.layout.order.lastRange", 216),
  asOneBit("stretches out of order", "main.layout.order.neighbours[1].ascending", 216),
  asOneBit("variable that overlaps a kept one", "main.layout.order.neighbours[1].disjoint", 45),
];

const COMPARISONS: readonly ForgedWitness[] = [
  {
    name: "failing vector that is said to pass",
    input: inputOf("failing vector beyond the waivers"),
    // One failure is left, and one is waived.
    signals: () => ({
      ...zero("main.results.vectors[0].same.isz"),
      "main.results.waiversSuffice.in": 0n,
      ...noBits("main.results.waiversSuffice", 3),
    }),
  },
  {
    name: "unused incident place that is said to be a baseline input",
    input: truth((i) => i.baseline.push({ ...i.baseline[0]!, inputDigest: digest(49) })),
    signals: () => zero("main.incident.vectors[1].inBaseline"),
  },
  {
    name: "unused new place that is said to be in the stretch of the last variable",
    input: truth(),
    signals: () => zero("main.layout.order.neighbours[6].sameStretch.isz"),
  },
  {
    name: "unused signer slot that is said to hold the key of another",
    input: truth(),
    signals: () => zero("main.auditors.sameKey[0][2].isz"),
  },
];

const twice = inputOf("one key at two places of the set");
const POINTS: readonly ForgedWitness[] = [
  {
    name: "one key at two places of the set, of which one is said to have another octuple",
    input: twice,
    signals: () => {
      const octuple = attestReference(twice()).signals.get("main.auditors.slots[1].octuple")!;
      const other = reduce(octuple + 1n);
      return {
        "main.auditors.slots[1].doubles[2].adder.xout": other,
        ...nonZero("main.auditors.sameKey[0][1].isz", other - octuple),
        ...nonZero("main.auditors.sameKey[1][2].isz", -other),
      };
    },
  },
  {
    name: "octuple of a key with another y",
    input: truth(),
    signals: () => {
      const y = attestReference(truth()()).signals.get("main.auditors.slots[0].doubles[2].yout")!;
      return { "main.auditors.slots[0].doubles[2].adder.yout": reduce(y + 1n) };
    },
  },
];

export const FORGED_ATTEST_WITNESSES: readonly ForgedWitness[] = [...BITS, ...COMPARISONS, ...POINTS];
