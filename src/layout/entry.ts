import { SealpatchError } from "../errors.js";
import { poseidon, sponge, spongeBytes, TAGS } from "../field/index.js";

/** One stored variable, at its place. */
export interface LayoutVariable {
  /** Storage slot, 0 to 2^256 - 1. */
  readonly slot: bigint;
  /** First byte within the slot, counted from the low end, 0 to 31. */
  readonly offset: number;
  /** Bytes that it occupies, 1 to 2^40; whole slots for structs and arrays. */
  readonly size: number;
  /** Name of the variable; `erc7201:<namespace>.<member>` for a member of a namespace. */
  readonly label: string;
  /** Canonical type string (docs/layout.md). */
  readonly type: string;
  /** Space that a later version may use: `__gap` or `__gap_...`, an array of fixed length. */
  readonly gap: boolean;
}

/** A variable with the digests by which the circuit knows it. */
export interface LayoutEntry extends LayoutVariable {
  readonly typeDigest: bigint;
  readonly labelDigest: bigint;
}

/** The canonical storage layout: variables in order of position, no two on the same byte. */
export interface Layout {
  readonly entries: readonly LayoutEntry[];
}

/** Slots in a region: `hi` numbers the region, `lo` the byte within it (docs/encodings.md). */
const REGION_SLOT_BITS = 40n;
const LO_BITS = 45n;
const MAX_SIZE = 2 ** 40;

/**
 * The position of a variable as two limbs: hi = slot >> 40 (216 bits), lo = (slot mod 2^40) * 32 + offset (45 bits).
 */
export function positionLimbs({ slot, offset }: LayoutVariable): { hi: bigint; lo: bigint } {
  return { hi: slot >> REGION_SLOT_BITS, lo: (slot % (1n << REGION_SLOT_BITS)) * 32n + BigInt(offset) };
}

/** lo + size * 2^45: the two limbs of an entry that share one element of its hash. */
export function packedLimbs(variable: LayoutVariable): bigint {
  return positionLimbs(variable).lo + (BigInt(variable.size) << LO_BITS);
}

/**
 * The variable with its digests.
 * @throws SealpatchError `layout/position-out-of-range`, `layout/invalid-size`, `layout/crosses-region` where the
 * encoding has no room for its place or size.
 */
export function layoutEntry(variable: LayoutVariable): LayoutEntry {
  assertEncodable(variable);
  const text = new TextEncoder();
  return {
    ...variable,
    typeDigest: spongeBytes(TAGS.layoutType, text.encode(variable.type)),
    labelDigest: spongeBytes(TAGS.layoutLabel, text.encode(variable.label)),
  };
}

/** H_5(tag of an entry or of a gap, hi, lo + size * 2^45, typeDigest, labelDigest) (docs/encodings.md). */
export function layoutEntryDigest(entry: LayoutEntry): bigint {
  const tag = entry.gap ? TAGS.layoutGap : TAGS.layoutEntry;
  return poseidon([tag, positionLimbs(entry).hi, packedLimbs(entry), entry.typeDigest, entry.labelDigest]);
}

/** layoutRoot: the sponge over the entry digests in order of position. */
export function layoutRoot(layout: Layout): bigint {
  return sponge(TAGS.layout, layout.entries.map(layoutEntryDigest));
}

/** Byte address of a variable in the whole storage, slot * 32 + offset: the order of entries. */
export function bytePosition({ slot, offset }: LayoutVariable): bigint {
  return slot * 32n + BigInt(offset);
}

/** Whether two variables share a byte. */
export function overlap(a: LayoutVariable, b: LayoutVariable): boolean {
  return (
    bytePosition(a) < bytePosition(b) + BigInt(b.size) && bytePosition(b) < bytePosition(a) + BigInt(a.size)
  );
}

/** A place for messages: `slot 3`, `slot 3, byte 20`; large slots in hex. */
export function describePlace({ slot, offset }: LayoutVariable): string {
  const number = slot < 1n << 64n ? slot.toString() : `0x${slot.toString(16)}`;
  return offset === 0 ? `slot ${number}` : `slot ${number}, byte ${offset}`;
}

function assertEncodable(variable: LayoutVariable): void {
  const { slot, offset, size, label } = variable;
  if (slot < 0n || slot >= 1n << 256n || !Number.isInteger(offset) || offset < 0 || offset > 31) {
    throw new SealpatchError("layout/position-out-of-range", `${label} does not lie in the storage`, {
      details: { label, slot, offset },
      why: "a slot has 256 bits and holds 32 bytes",
      remedy: "take slot and offset from the compiler's storage layout",
    });
  }
  if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
    throw new SealpatchError("layout/invalid-size", `${label} has ${size} bytes`, {
      details: { label, size, limit: MAX_SIZE },
      why: "the layout proof takes variables of 1 to 2^40 bytes",
      remedy: "use a mapping or a dynamic array in place of so large an array",
    });
  }
  if (positionLimbs(variable).lo + BigInt(size) > 1n << LO_BITS) {
    throw new SealpatchError("layout/crosses-region", `${label} crosses a multiple of 2^40 slots`, {
      details: { label, slot, offset, size },
      why: "the layout proof compares positions within regions of 2^40 slots",
      remedy: "choose another base slot or namespace, or split the variable",
    });
  }
}
