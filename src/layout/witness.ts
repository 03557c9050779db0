import { SealpatchError } from "../errors.js";
import { compareLayouts, keptEntries } from "./compare.js";
import { type Layout, type LayoutEntry, layoutRoot, packedLimbs, positionLimbs } from "./entry.js";

/** Entries that the deployable `attest` circuit takes (circuits.md section 1). */
export const LAYOUT_CAPACITY = { oldCapacity: 64, newCapacity: 96 } as const;

interface EntryWitness {
  readonly hi: bigint;
  readonly typeDigest: bigint;
  readonly labelDigest: bigint;
  /** 0 or 1. */
  readonly gap: bigint;
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

/** Both layouts as the `attest` circuit takes them, in the order of their lists, without padding. */
export interface LayoutWitness {
  readonly old: readonly OldEntryWitness[];
  readonly new: readonly NewEntryWitness[];
  readonly oldRoot: bigint;
  readonly newRoot: bigint;
  /** Whether the new layout preserves the old: if not, the circuit refuses this witness. */
  readonly preserved: boolean;
}

/**
 * The private inputs of the layout part of the `attest` circuit, and what they prove.
 * @throws SealpatchError `layout/too-many-entries` where a layout does not fit the circuit.
 */
export function layoutWitness(
  old: Layout,
  next: Layout,
  { oldCapacity, newCapacity }: { oldCapacity: number; newCapacity: number } = LAYOUT_CAPACITY,
): LayoutWitness {
  assertFits("old", old, oldCapacity);
  assertFits("new", next, newCapacity);
  const kept = keptEntries(old, next);
  return {
    old: old.entries.map((entry) => ({ ...entryWitness(entry), packed: packedLimbs(entry) })),
    new: next.entries.map((entry, index) => ({
      ...entryWitness(entry),
      lo: positionLimbs(entry).lo,
      size: BigInt(entry.size),
      keep: kept[index] ? 1n : 0n,
    })),
    oldRoot: layoutRoot(old),
    newRoot: layoutRoot(next),
    preserved: compareLayouts(old, next).preserved,
  };
}

function entryWitness(entry: LayoutEntry): EntryWitness {
  const { typeDigest, labelDigest, gap } = entry;
  return { hi: positionLimbs(entry).hi, typeDigest, labelDigest, gap: gap ? 1n : 0n };
}

function assertFits(which: "old" | "new", { entries }: Layout, capacity: number): void {
  if (entries.length <= capacity) return;
  throw new SealpatchError(
    "layout/too-many-entries",
    `the ${which} layout has ${entries.length} variables, more than the ${capacity} that the circuit takes`,
    {
      details: { layout: which, entries: entries.length, capacity },
      why: "an entry is a state variable, or a member of an ERC-7201 namespace",
      remedy: "upgrade this contract through the slow path, or gather new variables into structs",
    },
  );
}
