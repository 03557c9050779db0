import { SealpatchError } from "../errors.js";
import { canonicalType, type OpenPart, type TypeContext } from "./canonical-type.js";
import { declaredChange } from "./declared-changes.js";
import {
  displayLabel,
  ENUM_MEMBER,
  type LayoutEntry,
  type LayoutVariable,
  layoutEntry,
  overlap,
  regionSlot,
} from "./entry.js";
import type { StateLabel } from "./state-labels.js";
import { isGap, lookUpType, type StorageVariable } from "./storage-layout.js";
import { layOutType } from "./struct-layout.js";
import { parseTypeText } from "./type-text.js";

/** Where a list of variables stands: slots count from `root`, and `prefix` comes before their names. */
interface Base {
  readonly root: bigint;
  readonly prefix: string;
  readonly inside?: string;
  /** What a state variable is called, where that is not the name that its declaration gives. */
  readonly named?: StateLabel;
  readonly codeSlot?: bigint | undefined;
}

/** More entries than any real contract has, from types that unfold without end. */
const MAX_ENTRIES = 10_000;

/**
 * The entries of one variable: itself, and each in a region of its own the members of its enums, and of its structs that
 * may grow (docs/layout.md).
 * @throws SealpatchError as `canonicalLayout`; `layout/too-deep` where the types unfold to more than 10,000 entries.
 */
export function variableEntries(
  variable: StorageVariable,
  context: TypeContext,
  base: Base = { root: 0n, prefix: "" },
): LayoutEntry[] {
  const entries: LayoutEntry[] = [];
  collect(variable, context, base, entries);
  return entries;
}

function collect(variable: StorageVariable, context: TypeContext, base: Base, entries: LayoutEntry[]): void {
  if (entries.length > MAX_ENTRIES) {
    throw new SealpatchError("layout/too-deep", `the type of ${variable.label} is too deeply nested`, {
      details: { label: variable.label, limit: MAX_ENTRIES },
      why: "structs behind mappings nest into too many entries",
      remedy: "upgrade this contract through the slow path",
    });
  }
  const place = { slot: base.root + BigInt(variable.slot), offset: variable.offset };
  const { text, parts } = canonicalType(variable.type, context, place);
  const change = declaredChange(variable, context.code.tree);
  const { label, renamedFrom, contract } = base.named ?? {
    label: variable.label,
    contract: undefined,
    ...change,
  };
  const { retypedFrom } = change;
  const former = retypedFrom === undefined ? undefined : formerType(retypedFrom, variable, context);
  const entry = layoutEntry({
    ...place,
    size: Number(lookUpType(context.types, variable.type).numberOfBytes),
    label: base.prefix + label,
    type: text,
    gap: isGap(variable, context.types, context.code),
    ...(base.inside === undefined ? {} : { inside: base.inside }),
    ...(contract === undefined ? {} : { contract }),
    ...(base.codeSlot === undefined ? {} : { codeSlot: base.codeSlot }),
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    ...(former === undefined ? {} : { retypedFrom: former.text }),
  });
  entries.push(entry);
  const inner: LayoutEntry[] = [];
  for (const part of parts) collectPart(part, entry, inner);
  entries.push(...inner);
  // What the former type left open is still there for those who read the old variable.
  const left: LayoutEntry[] = [];
  for (const part of former?.parts ?? []) collectPart(part, entry, left);
  entries.push(...left.filter((old) => !inner.some((other) => overlap(old, other))));
}

function collectPart({ path, content }: OpenPart, variable: LayoutVariable, entries: LayoutEntry[]): void {
  const root = regionSlot(variable, path);
  const base = { root, prefix: `${path}.`, inside: displayLabel(variable) };
  if (content.kind === "struct") {
    for (const member of content.members) collect(member, content.context, base, entries);
    return;
  }
  content.names.forEach((name, index) => {
    entries.push(
      layoutEntry({
        slot: root + BigInt(index >> 5),
        offset: index & 31,
        size: 1,
        label: base.prefix + name,
        type: ENUM_MEMBER,
        gap: false,
        inside: base.inside,
      }),
    );
  });
}

/** The canonical form of a type that a comment names; a text of its own, equal to no type, where the sources lack it. */
function formerType(
  written: string,
  { astId }: StorageVariable,
  { code, formerRegions }: TypeContext,
): { text: string; parts: readonly OpenPart[] } {
  const typeName = parseTypeText(written, code.tree, astId ?? 0);
  if (typeName === undefined) return { text: `unknown type ${written}`, parts: [] };
  const { type, types } = layOutType(typeName, code.tree);
  return canonicalType(type, { types, code, formerRegions, enclosing: [] });
}
