import { poseidon, TAGS } from "../../../src/field/index.js";
import type { CircuitInput } from "../../../src/proof/index.js";
import { hash, isEqual, listSponge, num2Bits, prefix, sponge } from "./hashing.js";
import { column, reduce, type Scope } from "./scope.js";

// circuits/lib/layout.circom. Marks are taken as they come, bits or not: a lie tells them otherwise.

const LO_BITS = 45n;

interface Entry {
  readonly used: bigint;
  readonly gap: bigint;
  readonly hi: bigint;
  readonly packed: bigint;
  readonly type: bigint;
  readonly label: bigint;
}

/** What the three equalities of LayoutPreserved are about. */
export interface LayoutValues {
  readonly oldRoot: bigint;
  readonly newRoot: bigint;
  /** Sums of marks, each with a weight of its own. */
  readonly oldMarks: bigint;
  readonly newMarks: bigint;
  /** Digest of the changes. */
  readonly changeList: bigint;
  readonly oldDigests: readonly bigint[];
  readonly newDigests: readonly bigint[];
  /** Digests of the changes before and after, 0 where unused. */
  readonly before: readonly bigint[];
  readonly after: readonly bigint[];
}

/** The point at which the products are compared. It covers all that the prover chooses. */
export function layoutChallenge(
  values: Pick<LayoutValues, "oldRoot" | "newRoot" | "oldMarks" | "newMarks" | "changeList">,
): bigint {
  const { oldRoot, newRoot, oldMarks, newMarks, changeList } = values;
  const inputs = [TAGS.layoutChallenge, oldRoot, newRoot, oldMarks, newMarks, changeList];
  return poseidon(inputs.map(reduce));
}

export function layoutPreserved(at: Scope, input: CircuitInput): LayoutValues {
  const signal = (name: string) => column(input, name);
  const entries = (side: "old" | "new", packed: readonly bigint[]): Entry[] =>
    signal(`${side}Used`).map((used, i) => ({
      used,
      gap: signal(`${side}Gap`)[i]!,
      hi: signal(`${side}Hi`)[i]!,
      packed: packed[i]!,
      type: signal(`${side}Type`)[i]!,
      label: signal(`${side}Label`)[i]!,
    }));
  const [oldUsed, newUsed, newLo, newSize] = [
    signal("oldUsed"),
    signal("newUsed"),
    signal("newLo"),
    signal("newSize"),
  ];
  const [oldChanged, newKeep, newChanged] = [signal("oldChanged"), signal("newKeep"), signal("newChanged")];

  prefix(at.in("oldPrefix"), oldUsed);
  prefix(at.in("newPrefix"), newUsed);
  const old = entries("old", signal("oldPacked"));
  const oldDigests = old.map((entry, i) => entryDigest(at.in(`oldDigests[${i}]`), entry));
  const newPacked = newLo.map((lo, i) => lo + (newSize[i]! << LO_BITS));
  const newDigests = entries("new", newPacked).map((entry, i) => {
    const inside = at.in(`newDigests[${i}]`);
    num2Bits(inside.in("loRange"), newLo[i]!);
    num2Bits(inside.in("sizeRange"), newSize[i]! - entry.used);
    num2Bits(inside.in("endRange"), (1n << LO_BITS) - newLo[i]! - newSize[i]!);
    return inside.set("digest", entryDigest(inside.in("digestOf"), entry));
  });
  const oldRoot = at.set("oldRoot", listSponge(at.in("oldList"), TAGS.layout, oldUsed, oldDigests));
  const newRoot = at.set("newRoot", listSponge(at.in("newList"), TAGS.layout, newUsed, newDigests));
  layoutOrder(at.in("order"), newUsed, signal("newHi"), newLo, newSize);

  const changes = signal("changeUsed").map((used, i) => layoutChange(at.in(`change[${i}]`), input, used, i));
  const changeDigests = changes.flatMap(({ before, after }) => [before, after]);
  const changeList = sponge(at.in("changeList"), TAGS.layoutChanges, [
    BigInt(changeDigests.length),
    ...changeDigests,
  ]);
  const weighed = (marks: readonly bigint[], weight: (index: number) => bigint) =>
    reduce(marks.reduce((total, mark, index) => total + mark * weight(index), 0n));
  const oldMarks = weighed(oldChanged, (index) => 1n << BigInt(index));
  const newMarks = reduce(
    weighed(newKeep, (index) => 1n << BigInt(2 * index)) +
      weighed(newChanged, (index) => 1n << BigInt(2 * index + 1)),
  );
  const values = {
    oldRoot,
    newRoot,
    oldMarks,
    newMarks,
    changeList,
    oldDigests,
    newDigests,
    before: changes.map(({ before }) => before),
    after: changes.map(({ after }) => after),
  };
  const challenge = at.in("challenge").set("out", layoutChallenge(values));

  const product = (name: string, chosen: readonly bigint[], digests: readonly bigint[]) =>
    chosenProduct(at.in(name), challenge, chosen, digests);
  product(
    "unchanged",
    old.map(({ used, gap }, i) => used - gap - oldChanged[i]!),
    oldDigests,
  );
  product("kept", newKeep, newDigests);
  product("changedFrom", oldChanged, oldDigests);
  product("changedTo", newChanged, newDigests);
  product("before", signal("changeUsed"), values.before);
  product("after", signal("changeUsed"), values.after);
  return values;
}

function entryDigest(at: Scope, { used, gap, hi, packed, type, label }: Entry): bigint {
  const kind = TAGS.layoutEntry + gap * (TAGS.layoutGap - TAGS.layoutEntry);
  return at.set("out", used * hash(at.in("hash"), kind, hi, packed, type, label));
}

function layoutOrder(
  at: Scope,
  used: readonly bigint[],
  hi: readonly bigint[],
  lo: readonly bigint[],
  size: readonly bigint[],
): void {
  const lastHi = at.setAll(
    "lastHi",
    used.map((isUsed, i) => (isUsed - (used[i + 1] ?? 0n)) * hi[i]!),
  );
  num2Bits(at.in("firstRange"), hi[0]!);
  num2Bits(
    at.in("lastRange"),
    lastHi.reduce((total, value) => total + value, 0n),
  );
  for (let i = 1; i < used.length; i++) {
    const inside = at.in(`neighbours[${i}]`);
    num2Bits(inside.in("ascending"), used[i]! * (hi[i]! - hi[i - 1]!));
    const isSameStretch = isEqual(inside.in("sameStretch"), hi[i]!, hi[i - 1]!);
    const compared = inside.set("compared", used[i]! * isSameStretch);
    num2Bits(inside.in("disjoint"), compared * (lo[i]! - lo[i - 1]! - size[i - 1]!));
  }
}

function declaredLabel(
  at: Scope,
  {
    declared,
    name,
    formerName,
    formerType,
  }: Record<"declared" | "name" | "formerName" | "formerType", bigint>,
): bigint {
  const told = hash(at.in("hash"), TAGS.layoutChanged, name, formerName, formerType);
  return at.set("out", name + declared * (told - name));
}

function layoutChange(at: Scope, input: CircuitInput, used: bigint, index: number) {
  const side = (name: "Old" | "New") => ({
    type: column(input, `change${name}Type`)[index]!,
    name: column(input, `change${name}Name`)[index]!,
    declared: column(input, `change${name}Declared`)[index]!,
    formerName: column(input, `change${name}FormerName`)[index]!,
    formerType: column(input, `change${name}FormerType`)[index]!,
  });
  const [old, next] = [side("Old"), side("New")];
  at.set("declaredName", next.declared * (next.formerName - old.name));
  at.set("declaredType", next.declared * (next.formerType - old.type));
  const place = [column(input, "changeHi")[index]!, column(input, "changePacked")[index]!];
  const oldLabel = declaredLabel(at.in("oldLabel"), old);
  const newLabel = declaredLabel(at.in("newLabel"), next);
  return {
    before: at.set("before", used * hash(at.in("oldEntry"), TAGS.layoutEntry, ...place, old.type, oldLabel)),
    after: at.set("after", used * hash(at.in("newEntry"), TAGS.layoutEntry, ...place, next.type, newLabel)),
  };
}

function chosenProduct(
  at: Scope,
  challenge: bigint,
  chosen: readonly bigint[],
  digests: readonly bigint[],
): bigint {
  let product = 1n;
  chosen.forEach((isChosen, i) => {
    const factor = at.set(`factor[${i}]`, isChosen * (challenge - digests[i]! - 1n));
    product = at.set(`product[${i}]`, product * (factor + 1n));
  });
  return at.set("out", product);
}
