import { SealpatchError } from "../errors.js";
import type { LayoutComparison } from "./compare.js";
import { entryLimbs, type Layout, type LayoutEntry, layoutRoot, tellsChange } from "./entry.js";

/** What the layout part of an `attest` circuit has room for. */
export interface LayoutCapacity {
  readonly oldEntries: number;
  readonly newEntries: number;
  readonly changes: number;
}

/** Sizes of the deployable `attest` circuit (protocol.md section 6). */
export const LAYOUT_CAPACITY: LayoutCapacity = { oldEntries: 64, newEntries: 96, changes: 7 };

interface EntryWitness {
  readonly hi: bigint;
  readonly typeDigest: bigint;
  readonly labelDigest: bigint;
  /** 0 or 1. */
  readonly gap: bigint;
  /** 1 where the entry is one side of a declared change, else 0. */
  readonly changed: bigint;
}

/** An entry of the old layout as the circuit takes it. */
export interface OldEntryWitness extends EntryWitness {
  /** lo + size * 2^45. */
  readonly packed: bigint;
}

/** An entry of the new layout as the circuit takes it. */
export interface NewEntryWitness extends EntryWitness {
  readonly lo: bigint;
  readonly size: bigint;
  /** 1 where the entry is an unchanged variable of the old layout, else 0. */
  readonly keep: bigint;
}

/** One side of a declared change: the opening of an entry's labelDigest, and its type. */
export interface ChangedSideWitness {
  readonly typeDigest: bigint;
  readonly name: bigint;
  /** 1 where the declaration tells a former name or type, else 0. */
  readonly declared: bigint;
  readonly formerName: bigint;
  readonly formerType: bigint;
}

/** A variable that stays at its place with another name or type, as the circuit takes it. */
export interface ChangeWitness {
  readonly hi: bigint;
  readonly packed: bigint;
  readonly old: ChangedSideWitness;
  readonly new: ChangedSideWitness;
}

/** Both layouts as the `attest` circuit takes them, in the order of their lists, without padding. */
export interface LayoutWitness {
  readonly old: readonly OldEntryWitness[];
  readonly new: readonly NewEntryWitness[];
  readonly changes: readonly ChangeWitness[];
  readonly oldRoot: bigint;
  readonly newRoot: bigint;
  /** Why the new layout does not preserve the old: if there is a reason, the circuit refuses this witness. */
  readonly findings: LayoutComparison["findings"];
}

/**
 * The private inputs of the layout part of the `attest` circuit, and what they prove.
 * @throws SealpatchError `layout/too-many-entries`, `layout/too-many-changes` where the layouts do not fit the circuit.
 */
export function layoutWitness(
  comparison: LayoutComparison,
  capacity: LayoutCapacity = LAYOUT_CAPACITY,
): LayoutWitness {
  assertLayoutsFit(comparison, capacity);
  const { old, new: next, kept, changes, findings } = comparison;
  const changed = new Set(changes.flatMap((change) => [change.old, change.new]));
  const bit = (value: boolean) => (value ? 1n : 0n);
  const common = (entry: LayoutEntry): Omit<EntryWitness, "hi"> => ({
    typeDigest: entry.typeDigest,
    labelDigest: entry.labelDigest,
    gap: bit(entry.gap),
    changed: bit(changed.has(entry)),
  });
  return {
    old: old.entries.map((entry) => {
      const { hi, packed } = entryLimbs(entry);
      return { ...common(entry), hi, packed };
    }),
    new: next.entries.map((entry) => {
      const { hi, lo, size } = entryLimbs(entry);
      return { ...common(entry), hi, lo, size, keep: bit(kept.has(entry)) };
    }),
    changes: changes.map((change) => {
      const { hi, packed } = entryLimbs(change.old);
      return { hi, packed, old: changedSide(change.old), new: changedSide(change.new) };
    }),
    oldRoot: layoutRoot(old),
    newRoot: layoutRoot(next),
    findings,
  };
}

/**
 * @throws SealpatchError `layout/too-many-entries`, `layout/too-many-changes` where a circuit has no room for the layouts.
 */
export function assertLayoutsFit(
  comparison: LayoutComparison,
  capacity: LayoutCapacity = LAYOUT_CAPACITY,
): void {
  const [first] = capacityExcess(comparison, capacity);
  if (first !== undefined) throw first;
}

/** All that a circuit has no room for, `layout/too-many-entries` or `layout/too-many-changes`; empty where the layouts fit. */
export function capacityExcess(
  { old, new: next, changes }: LayoutComparison,
  capacity: LayoutCapacity,
): SealpatchError[] {
  return [
    ...(old.entries.length > capacity.oldEntries ? [tooManyEntries("old", old, capacity)] : []),
    ...(next.entries.length > capacity.newEntries ? [tooManyEntries("new", next, capacity)] : []),
    ...(changes.length > capacity.changes ? [tooManyChanges(changes.length, capacity)] : []),
  ];
}

function tooManyChanges(changes: number, capacity: LayoutCapacity): SealpatchError {
  return new SealpatchError(
    "layout/too-many-changes",
    `${changes} variables change name or type, more than the ${capacity.changes} that the circuit takes`,
    {
      details: { changes, capacity: capacity.changes },
      why: "every declared change of name or type takes one of the circuit's places",
      remedy:
        "rename and retype in a later upgrade, or build the circuit with more `changes` (circuits/attest.circom)",
    },
  );
}

function changedSide({ typeDigest, declaration }: LayoutEntry): ChangedSideWitness {
  return { typeDigest, declared: tellsChange(declaration) ? 1n : 0n, ...declaration };
}

function tooManyEntries(which: "old" | "new", { entries }: Layout, capacity: LayoutCapacity): SealpatchError {
  const parameter = `${which}Entries` as const;
  const [count, gaps, places] = [
    entries.length,
    entries.filter(({ gap }) => gap).length,
    capacity[parameter],
  ];
  const among = gaps === 0 ? "" : `, ${gaps} of them gaps`;
  return new SealpatchError(
    "layout/too-many-entries",
    `the ${which} layout has ${count} entries${among}, more than the ${places} that the circuit takes`,
    {
      details: { layout: which, entries: count, gaps, capacity: places, parameter },
      why:
        "an entry is a state variable, a member of an ERC-7201 namespace, or a member of an enum or of a struct that " +
        "may grow",
      remedy: `upgrade this contract through the slow path, or build the circuit with more \`${parameter}\` (circuits/attest.circom)`,
    },
  );
}
