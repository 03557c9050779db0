import { sponge, TAGS } from "../../src/field/index.js";
import { lazily } from "../../src/lazily.js";
import type { CircuitInput } from "../../src/proof/index.js";
import { bindCase, SMALL_CHUNKS } from "../../tools/circuits/bind-case.js";
import type { InstanceName } from "../../tools/circuits/instances.js";
import { attestReference, bindReference } from "../../tools/circuits/reference/index.js";
import {
  assemble,
  type Change,
  declaredLabel,
  digest,
  type Ingredients,
  trueIngredients,
} from "../../tools/circuits/statements.js";
import { negated, signTwiceAs } from "./key-statements.js";
import type { Signals } from "./lies.js";

/** A true statement. */
export interface AcceptCase {
  readonly name: string;
  readonly input: () => CircuitInput;
  /** Values of signals by their full names, computed a second time. */
  readonly values: () => Readonly<Record<string, bigint>>;
}

function attestCase(name: string, change: (ingredients: Ingredients) => void): AcceptCase {
  const input = lazily(() => {
    const ingredients = trueIngredients();
    change(ingredients);
    return assemble(ingredients).input;
  });
  return { name, input, values: () => Object.fromEntries(attestReference(input()).signals) };
}

function retold(name: string, change: (side: Change["new"], old: Change["old"]) => void): AcceptCase {
  return attestCase(name, (i) => {
    const [{ old, new: side }] = i.changes as [Change];
    change(side, old);
    Object.assign(i.new[5]!, { type: side.typeDigest, label: declaredLabel(side) });
  });
}

/** A variable whose old declaration tells a past. */
function withPast(name: string, keepsDeclaration: boolean): AcceptCase {
  return attestCase(name, (i) => {
    const [change] = i.changes as [Change];
    change.old = { ...change.old, declared: 1n, formerName: digest(80), formerType: digest(81) };
    i.old[3]!.label = declaredLabel(change.old);
    if (keepsDeclaration) return;
    change.new = { ...change.old, declared: 0n, formerName: 0n, formerType: 0n };
    Object.assign(i.new[5]!, { type: change.new.typeDigest, label: change.new.name });
  });
}

const keyAndItsNegative = lazily(() => {
  const truth = assemble(trueIngredients());
  const signals = structuredClone(truth.input) as Signals;
  signTwiceAs(negated())(signals, truth);
  return signals as unknown as CircuitInput;
});

const ATTEST: readonly AcceptCase[] = [
  attestCase("a true statement that uses every part", () => {}),
  attestCase("more signers than the threshold", (i) => {
    i.signers = [1, 2, 4];
  }),
  {
    name: "T09: a key and its negative as two auditors",
    input: keyAndItsNegative,
    values: () => Object.fromEntries(attestReference(keyAndItsNegative()).signals),
  },
  attestCase("as many waivers as fit", (i) => {
    i.maxWaivers = 7n;
  }),
  attestCase("lists that fill their places", (i) => {
    const [first] = i.baseline;
    i.baseline.push({ ...first!, inputDigest: 5n });
    i.incidents.push({ inputDigest: 6n, expectation: 7n, runs: 0n, currentOutcome: 8n });
    i.old.push({ ...i.old[2]!, lo: 160n, label: 9n });
    i.new.push({ ...i.old[4]!, keep: 1n });
  }),
  retold("only a new name, declared", (side, old) => {
    side.typeDigest = old.typeDigest;
    side.formerType = 0n;
  }),
  retold("only a new type, declared", (side, old) => {
    side.name = old.name;
    side.formerName = 0n;
  }),
  retold("a declared past where nothing changes, declared", (side, old) => {
    side.name = old.name;
    side.typeDigest = old.typeDigest;
  }),
  withPast("a variable whose declared past is left out later", false),
  withPast("a variable whose declaration later tells another past", true),
  attestCase("as many changes as it has room for", (i) => {
    const [change] = i.changes as [Change];
    i.old.push({ ...i.old[3]!, lo: 160n });
    i.new.push({ ...i.new[5]!, lo: 160n });
    i.changes.push({ ...change, packed: change.packed + 32n });
  }),
  attestCase("entries at the ends of their ranges", (i) => {
    const { hi } = i.new[5]!;
    const variable = { ...i.new[1]!, label: 9n };
    // One as large as can be; in the last stretch there is, one that ends where the stretch ends.
    i.new.push({ ...variable, hi, lo: 2n ** 20n, size: 2n ** 40n });
    i.new.splice(1, 1);
    i.new.push({ ...variable, hi: 2n ** 216n - 1n, lo: 2n ** 45n - 32n, size: 32n });
  }),
  attestCase("a list that begins in the last stretch", (i) => {
    i.old = [];
    i.changes = [];
    i.new = [{ ...i.new[1]!, hi: 2n ** 216n - 1n, lo: 0n }];
  }),
  attestCase("an old layout without variables", (i) => {
    i.old = [];
    i.changes = [];
    for (const entry of i.new) Object.assign(entry, { keep: 0n, changed: 0n });
  }),
  attestCase("two contracts without variables", (i) => {
    i.old = [];
    i.new = [];
    i.changes = [];
  }),
];

const BIND: readonly AcceptCase[] = [1, 30, 31, 32, 500, 31 * SMALL_CHUNKS].map((length) => {
  const code = Uint8Array.from({ length }, (_, i) => (i * 37 + 11) % 256);
  const { input } = bindCase(code);
  return {
    name: `code of ${length} bytes`,
    input: () => input,
    values: () => Object.fromEntries(bindReference(input)),
  };
});

const LIST_CAPACITY = 31;
const LIST: readonly AcceptCase[] = [0, 1, 13, 14, 15, 28, 29, 30, 31].map((count) => {
  const list = Array.from({ length: count }, (_, i) => digest(40, i));
  const places = <T>(used: readonly T[], unused: T) => [
    ...used,
    ...Array<T>(LIST_CAPACITY - count).fill(unused),
  ];
  return {
    name: `a list of ${count} elements`,
    input: () => ({
      domain: TAGS.layout,
      used: places(
        list.map(() => 1n),
        0n,
      ),
      elements: places(list, 0n),
    }),
    values: () => ({ "main.out": sponge(TAGS.layout, list) }),
  };
});

/** True statements, by the small instance that they are about. */
export const ACCEPT_CASES = {
  "attest-small": ATTEST,
  "bind-small": BIND,
  "list-sponge": LIST,
} as const satisfies Partial<Record<InstanceName, readonly AcceptCase[]>>;
