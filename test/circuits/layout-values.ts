import { FIELD_ORDER, poseidon, sponge, TAGS } from "../../src/field/index.js";
import type { Signals } from "./lies.js";

// What the layout part of the small circuit computes of its inputs, computed a second time. Marks are taken as they come,
// bits or not: a lie tells them otherwise.

const mod = (value: bigint): bigint => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;
const sum = (values: readonly bigint[]): bigint => mod(values.reduce((total, value) => total + value, 0n));

/** The values that the three equalities of the layout are about. */
export interface LayoutValues {
  readonly oldDigests: readonly bigint[];
  readonly newDigests: readonly bigint[];
  /** Digests of the changes before and after, 0 where unused. */
  readonly before: readonly bigint[];
  readonly after: readonly bigint[];
  readonly oldRoot: bigint;
  readonly newRoot: bigint;
  readonly oldMarks: bigint;
  readonly newMarks: bigint;
  readonly changeList: bigint;
}

/** @param signals the inputs of a circuit whose lists fit one block of the sponge: 14 entries at most. */
export function layoutValues(signals: Signals): LayoutValues {
  const column = (name: string) => signals[name]!;
  const entries = (side: "old" | "new", packed: readonly bigint[]) =>
    column(`${side}Used`).map((used, i) => {
      const tag = TAGS.layoutEntry + column(`${side}Gap`)[i]! * (TAGS.layoutGap - TAGS.layoutEntry);
      const [hi, type, label] = ["Hi", "Type", "Label"].map((name) => column(`${side}${name}`)[i]!);
      return mod(used * poseidon([mod(tag), hi!, mod(packed[i]!), type!, label!]));
    });
  const side = (name: "Old" | "New") =>
    column("changeUsed").map((used, i) => {
      const [type, label, declared, formerName, formerType] = [
        "Type",
        "Name",
        "Declared",
        "FormerName",
        "FormerType",
      ].map((part) => column(`change${name}${part}`)[i]!);
      const told = poseidon([TAGS.layoutChanged, label!, formerName!, formerType!]);
      const place = [column("changeHi")[i]!, column("changePacked")[i]!];
      const shown = mod(label! + declared! * (told - label!));
      return mod(used * poseidon([TAGS.layoutEntry, ...place, type!, shown]));
    });
  const oldDigests = entries("old", column("oldPacked"));
  const newDigests = entries(
    "new",
    column("newLo").map((lo, i) => lo + column("newSize")[i]! * 2n ** 45n),
  );
  const [before, after] = [side("Old"), side("New")];
  const weighed = (name: string, weight: (index: number) => bigint) =>
    sum(column(name).map((mark, i) => mark * weight(i)));
  return {
    oldDigests,
    newDigests,
    before,
    after,
    oldRoot: listDigest(column("oldUsed"), oldDigests),
    newRoot: listDigest(column("newUsed"), newDigests),
    oldMarks: weighed("oldChanged", (i) => 2n ** BigInt(i)),
    newMarks: sum([
      weighed("newKeep", (i) => 4n ** BigInt(i)),
      weighed("newChanged", (i) => 2n * 4n ** BigInt(i)),
    ]),
    changeList: sponge(
      TAGS.layoutChanges,
      before.flatMap((digest, i) => [digest, after[i]!]),
    ),
  };
}

/** The point at which the products are compared. */
export function layoutChallenge(values: LayoutValues): bigint {
  const { oldRoot, newRoot, oldMarks, newMarks, changeList } = values;
  return poseidon([TAGS.layoutChallenge, oldRoot, newRoot, oldMarks, newMarks, changeList]);
}

/** The digest of a list in one block: its count, its elements, zeros. */
function listDigest(used: readonly bigint[], elements: readonly bigint[]): bigint {
  const rest = Array<bigint>(14 - elements.length).fill(0n);
  return poseidon([TAGS.layout, sum(used), ...elements, ...rest]);
}
