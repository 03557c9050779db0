import { SealpatchError } from "../errors.js";
import { poseidon, sponge, spongeBytes, TAGS } from "../field/index.js";
import { namespaceRoot } from "./namespace-root.js";

/** One stored variable, at its place. */
export interface LayoutVariable {
  /** Storage slot, 0 to 2^256 - 1. */
  readonly slot: bigint;
  /** First byte within the slot, counted from the low end, 0 to 31. */
  readonly offset: number;
  /** Bytes that it occupies, 1 to 2^40; whole slots for structs and arrays. */
  readonly size: number;
  /**
   * Name of the variable, `Contract.name` or `.name` for a later one of equal names; `erc7201:<namespace>.<member>` for a
   * member of a namespace; the path from the variable for what stands in a region of its own, for example `[].amount` for
   * a member of a struct behind a mapping.
   */
  readonly label: string;
  /** Canonical type string (docs/layout.md). */
  readonly type: string;
  /** Space that a later version may use: `__gap` or `__gap_...`, an array of fixed length. */
  readonly gap: boolean;
  /** Label that it had before, by what the declaration says (`@custom:oz-renamed-from`). */
  readonly renamedFrom?: string;
  /** Canonical type string of the type that the declaration says it had before (`@custom:oz-retyped-from`). */
  readonly retypedFrom?: string;
  /** What a label that is a path starts from, for people; no digest covers it. */
  readonly inside?: string;
  /** Name of the contract that declares a state variable, where the compiler's output told it; no digest covers it. */
  readonly contract?: string;
  /**
   * Of a namespace's member: the slot where the code itself has the namespace, its root unless the two disagree. Absent
   * where no constant of the code tells; no digest covers it.
   */
  readonly codeSlot?: bigint;
}

/** A variable with the digests by which the circuit knows it. */
export interface LayoutEntry extends LayoutVariable {
  readonly typeDigest: bigint;
  /** Digest of the name; where the declaration tells a former name or type, one that covers those too. */
  readonly labelDigest: bigint;
  readonly declaration: Declaration;
}

/** Digests that an entry's labelDigest is made of; 0 where the declaration tells nothing. */
export interface Declaration {
  readonly name: bigint;
  readonly formerName: bigint;
  readonly formerType: bigint;
}

/** Whether a declaration tells a former name or type. */
export function tellsChange({ formerName, formerType }: Declaration): boolean {
  return formerName !== 0n || formerType !== 0n;
}

/** The canonical storage layout: variables in order of position, no two on the same byte. */
export interface Layout {
  readonly entries: readonly LayoutEntry[];
}

/** Slots in a region: `hi` numbers the region, `lo` the byte within it (docs/encodings.md). */
const REGION_SLOT_BITS = 40n;
const LO_BITS = 45n;
const MAX_SIZE = 2 ** 40;

/** Type string of the entries that stand for an enum's members. */
export const ENUM_MEMBER = "enum member";

/**
 * The position of a variable as two limbs: hi = slot >> 40 (216 bits), lo = (slot mod 2^40) * 32 + offset (45 bits).
 */
export function positionLimbs({ slot, offset }: Pick<LayoutVariable, "slot" | "offset">): {
  hi: bigint;
  lo: bigint;
} {
  return { hi: slot >> REGION_SLOT_BITS, lo: (slot % (1n << REGION_SLOT_BITS)) * 32n + BigInt(offset) };
}

/** The position of a variable with its size, as the limbs that its digest covers. */
export function entryLimbs(variable: Pick<LayoutVariable, "slot" | "offset" | "size">): {
  hi: bigint;
  lo: bigint;
  size: bigint;
  packed: bigint;
} {
  const { hi, lo } = positionLimbs(variable);
  const size = BigInt(variable.size);
  return { hi, lo, size, packed: packedLimbs({ lo, size }) };
}

/** lo + size * 2^45: the two limbs of an entry that share one element of its hash. */
export function packedLimbs({ lo, size }: { readonly lo: bigint; readonly size: bigint }): bigint {
  return lo + (size << LO_BITS);
}

/**
 * The variable with its digests.
 * @throws SealpatchError `layout/position-out-of-range`, `layout/invalid-size`, `layout/crosses-region` where the
 * encoding has no room for its place or size.
 */
export function layoutEntry(variable: LayoutVariable): LayoutEntry {
  assertEncodable(variable);
  const { type, label, renamedFrom, retypedFrom } = variable;
  const declaration = {
    name: labelDigestOf(label),
    formerName: renamedFrom === undefined ? 0n : labelDigestOf(renamedFrom),
    formerType: retypedFrom === undefined ? 0n : typeDigestOf(retypedFrom),
  };
  return {
    ...variable,
    typeDigest: typeDigestOf(type),
    labelDigest: declarationDigest(declaration),
    declaration,
  };
}

/** The digest of the name alone, or H_4(tag, name, former name, former type) (docs/encodings.md). */
export function declarationDigest(declaration: Declaration): bigint {
  const { name, formerName, formerType } = declaration;
  return tellsChange(declaration) ? poseidon([TAGS.layoutChanged, name, formerName, formerType]) : name;
}

/**
 * The first slot of a region of 2^40 slots that stands for what is inside of a variable and has no place among the
 * others, at a path from it: H_4(tag, hi, lo, digest of the path) >> 38 is its number (docs/encodings.md).
 */
export function regionSlot(variable: Pick<LayoutVariable, "slot" | "offset">, path: string): bigint {
  const { hi, lo } = positionLimbs(variable);
  const hash = poseidon([TAGS.layoutRegion, hi, lo, labelDigestOf(path)]);
  return (hash >> 38n) << REGION_SLOT_BITS;
}

/** The first slot of the region that holds a slot. */
export function regionStart(slot: bigint): bigint {
  return (slot >> REGION_SLOT_BITS) << REGION_SLOT_BITS;
}

/** The label as people read it: a path with what it starts from. */
export function displayLabel({ label, inside = "" }: LayoutVariable): string {
  return inside + label;
}

/** Digest of a canonical type string. */
function typeDigestOf(type: string): bigint {
  return textDigest(TAGS.layoutType, type);
}

/** Digest of a label, or of a path to what is inside of a variable. */
function labelDigestOf(label: string): bigint {
  return textDigest(TAGS.layoutLabel, label);
}

// Types and labels come again and again, and a digest of a long one takes milliseconds.
const textDigests = new Map<string, bigint>();

function textDigest(tag: bigint, text: string): bigint {
  const key = `${tag} ${text}`;
  const digest = textDigests.get(key) ?? spongeBytes(tag, new TextEncoder().encode(text));
  textDigests.set(key, digest);
  return digest;
}

/** What an entry's digest is made of. */
export interface EncodedEntry {
  readonly gap: boolean;
  readonly hi: bigint;
  /** lo + size * 2^45. */
  readonly packed: bigint;
  readonly typeDigest: bigint;
  readonly labelDigest: bigint;
}

/** H_5(tag of an entry or of a gap, hi, lo + size * 2^45, typeDigest, labelDigest) (docs/encodings.md). */
export function encodedEntryDigest({ gap, hi, packed, typeDigest, labelDigest }: EncodedEntry): bigint {
  return poseidon([gap ? TAGS.layoutGap : TAGS.layoutEntry, hi, packed, typeDigest, labelDigest]);
}

/** Digest of an entry. */
export function layoutEntryDigest(entry: LayoutEntry): bigint {
  return encodedEntryDigest({ ...entry, ...entryLimbs(entry) });
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

/** The namespace of a member, `erc7201:<id>`, as its label has it; undefined for what is none. */
export function namespaceOf({ label, inside }: LayoutVariable): string | undefined {
  if (inside !== undefined || !label.includes(":")) return undefined;
  return label.slice(0, label.lastIndexOf("."));
}

/**
 * Where a variable's slot counts from, for people: the region of what is inside of a variable, the root of a namespace's
 * members (their labels begin with its formula), else the storage.
 */
export function slotBase(variable: LayoutVariable): bigint {
  if (variable.inside !== undefined) return regionStart(variable.slot);
  const location = namespaceOf(variable);
  return location === undefined ? 0n : namespaceRoot(location.slice(location.indexOf(":") + 1));
}

/**
 * A place for messages: `slot 3`, `slot 3, byte 20`, `slot 2 of its struct`, `slot 1 of erc7201:acme.vault`, `member 4`;
 * large slots in hex.
 */
export function describePlace(variable: LayoutVariable): string {
  const { slot, offset, inside, type } = variable;
  const place = slot - slotBase(variable);
  if (type === ENUM_MEMBER) return `member ${place * 32n + BigInt(offset)}`;
  const number = place < 1n << 64n ? place.toString() : `0x${place.toString(16)}`;
  const location = inside === undefined ? namespaceOf(variable) : "its struct";
  const whole = location === undefined ? "" : ` of ${location}`;
  return offset === 0 ? `slot ${number}${whole}` : `slot ${number}${whole}, byte ${offset}`;
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
