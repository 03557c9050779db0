import { declarationDigest, encodedEntryDigest, packedLimbs } from "./entry.js";
import type { ChangedSideWitness, ChangeWitness, LayoutWitness } from "./witness.js";

/**
 * Whether a witness meets the relations of LayoutPreserved (circuits/lib/layout.circom): order and disjointness of the
 * new list, and the three equalities of multisets. Ranges are not looked at: they hold for every layout that was made.
 */
export function meetsCircuit({ old, new: next, changes }: LayoutWitness): boolean {
  const packed = next.map((entry) => ({ ...entry, packed: packedLimbs(entry) }));
  return (
    next.every((entry, index) => index === 0 || follows(next[index - 1]!, entry)) &&
    changes.every(explained) &&
    sameMultiset(
      old.filter(({ gap, changed }) => gap === 0n && changed === 0n).map(entryDigest),
      packed.filter(({ keep }) => keep === 1n).map(entryDigest),
    ) &&
    sameMultiset(
      old.filter(({ changed }) => changed === 1n).map(entryDigest),
      changes.map((change) => sideDigest(change, change.old)),
    ) &&
    sameMultiset(
      packed.filter(({ changed }) => changed === 1n).map(entryDigest),
      changes.map((change) => sideDigest(change, change.new)),
    )
  );
}

type Placed = LayoutWitness["new"][number];

function follows(before: Placed, entry: Placed): boolean {
  return entry.hi > before.hi || (entry.hi === before.hi && entry.lo >= before.lo + before.size);
}

function explained({ old, new: next }: ChangeWitness): boolean {
  const declared = next.declared === 1n;
  return (
    (next.name === old.name || (declared && next.formerName === old.name)) &&
    (next.typeDigest === old.typeDigest || (declared && next.formerType === old.typeDigest))
  );
}

function entryDigest(entry: LayoutWitness["old"][number]): bigint {
  return encodedEntryDigest({ ...entry, gap: entry.gap === 1n });
}

function sideDigest({ hi, packed }: ChangeWitness, side: ChangedSideWitness): bigint {
  const { typeDigest } = side;
  return encodedEntryDigest({ gap: false, hi, packed, typeDigest, labelDigest: declarationDigest(side) });
}

function sameMultiset(one: readonly bigint[], other: readonly bigint[]): boolean {
  const sorted = (digests: readonly bigint[]) => digests.toSorted((a, b) => (a < b ? -1 : 1)).join();
  return sorted(one) === sorted(other);
}
