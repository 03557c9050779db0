import { SealpatchError } from "../errors.js";
import type { ContractCode } from "./contract-code.js";
import { enumDefinition, valueTypeDefinition } from "./declarations.js";
import { type LayoutVariable, regionSlot } from "./entry.js";
import {
  isGap,
  lookUpType,
  type StorageType,
  type StorageTypes,
  type StorageVariable,
} from "./storage-layout.js";
import { assertSameName } from "./syntax-tree.js";

/** What a type string can be made from: solc's type table, and the declarations that it leaves out. */
export interface TypeContext {
  readonly types: StorageTypes;
  readonly code: ContractCode;
  /** The structs around the type, the innermost last: where a type that holds itself ends. */
  readonly enclosing: readonly EnclosingStruct[];
  /** First slots of the regions in which the former layout lists what is inside of variables; empty where there is none. */
  readonly formerRegions: ReadonlySet<bigint>;
}

export interface EnclosingStruct {
  readonly id: string;
  /** Whether its members are entries of their own, and not part of the string. */
  readonly open: boolean;
}

/** What a type leaves open: its content may grow without moving anything, so it is not part of the type string. */
export interface OpenPart {
  /** From the variable to the part, as a person would write it: `[]` behind a mapping, `[].state`, `[key]`; may be empty. */
  readonly path: string;
  /** Members in order with places relative to the struct, or the names of an enum's members. */
  readonly content:
    | { readonly kind: "struct"; readonly members: readonly StorageVariable[]; readonly context: TypeContext }
    | { readonly kind: "enum"; readonly names: readonly string[] };
}

/** The canonical form of a type: a string that must not change, and the parts that may grow. */
export interface CanonicalType {
  readonly text: string;
  readonly parts: readonly OpenPart[];
}

/**
 * The canonical form of a type (docs/layout.md): everything that decides how stored bytes are read, without compiler ids
 * and without the names of types. Members of enums, and of structs that may grow, stand in `parts`.
 * @param id key of the type in the table.
 * @param place where the variable stands, for which the former layout may list members; none where it does not count.
 * @throws SealpatchError `layout/missing-syntax-tree` for enums and user-defined value types that no tree declares,
 * `layout/internal-function`, `layout/syntax-tree-mismatch`, `layout/invalid-storage-layout`.
 */
export function canonicalType(id: string, context: TypeContext, place?: Place): CanonicalType {
  const parts: OpenPart[] = [];
  const text = render(id, "", { ...context, ...(place === undefined ? {} : { place }) }, parts);
  return { text, parts };
}

type Place = Pick<LayoutVariable, "slot" | "offset">;

interface PlacedContext extends TypeContext {
  readonly place?: Place;
}

function wasOpen(path: string, { place, formerRegions }: PlacedContext): boolean {
  return place !== undefined && formerRegions.size > 0 && formerRegions.has(regionSlot(place, path));
}

function render(id: string, path: string, context: PlacedContext, parts: OpenPart[]): string {
  const type = lookUpType(context.types, id);
  const nested = (inner: string | undefined, step: string) =>
    render(inner ?? "", path + step, context, parts);
  if (type.encoding === "mapping") {
    const key = nested(type.key, "[key]");
    const value = lookUpType(context.types, type.value ?? "");
    const struct = value.members === undefined ? undefined : type.value;
    return `mapping(${key} => ${struct === undefined ? nested(type.value, "[]") : renderStruct(struct, `${path}[]`, context, parts, "mapped")})`;
  }
  if (type.encoding === "dynamic_array") return `${nested(type.base, "[]")}[]`;
  if (type.base !== undefined) return `${nested(type.base, "[]")}[${arrayLength(type)}]`;
  if (type.members !== undefined) return renderStruct(id, path, context, parts, "placed");
  return renderValue(id, type, path, context, parts);
}

/**
 * A struct behind a mapping has slots to itself and may grow; one among other variables may only fill its gaps. One whose
 * gap the upgrade fills to the end is listed as it was. Where none of these is so, its members are part of the string. Where members are left open and the struct is placed, what
 * lies behind it depends on its size, which the string holds then: so it does for the elements of an array in which a
 * struct holds more of its own kind.
 */
function renderStruct(
  id: string,
  path: string,
  context: PlacedContext,
  parts: OpenPart[],
  where: "mapped" | "placed",
): string {
  const type = lookUpType(context.types, id);
  const size = where === "placed" ? `(${type.numberOfBytes})` : "";
  const depth = context.enclosing.findIndex((around) => around.id === id);
  if (depth >= 0) {
    return `struct^${context.enclosing.length - depth}${context.enclosing[depth]!.open ? size : ""}`;
  }
  const members = type.members ?? [];
  const open =
    where === "mapped" ||
    members.some((member) => isGap(member, context.types, context.code)) ||
    wasOpen(path, context);
  const inside = { ...context, enclosing: [...context.enclosing, { id, open }] };
  if (open) {
    parts.push({ path, content: { kind: "struct", members, context: inside } });
    return `struct${size}`;
  }
  const texts = members.map(
    ({ type, label, slot, offset }) =>
      `${render(type, `${path}.${label}`, inside, parts)} ${label} @${slot}:${offset}`,
  );
  return `struct{${texts.join("; ")}}`;
}

function renderValue(
  id: string,
  type: StorageType,
  path: string,
  { code: { tree } }: TypeContext,
  parts: OpenPart[],
): string {
  if (id.startsWith("t_function_internal")) {
    throw new SealpatchError(
      "layout/internal-function",
      `a variable holds an internal function: ${type.label}`,
      {
        details: { type: type.label },
        why: "it is stored as a position in the code, which holds other code after an upgrade",
        remedy: "store an enum or a number and choose the function in code",
      },
    );
  }
  // Contracts and interfaces are stored as their addresses.
  if (id.startsWith("t_contract")) return "address";
  // Only user-defined types carry the id of their declaration: t_enum(Color)23.
  const [, kind, declaration] = /^t_(enum|userDefinedValueType)\(.*\)(\d+)$/.exec(id) ?? [];
  if (kind === "enum") {
    const { canonicalName, members } = tree.declaration(Number(declaration), enumDefinition(), type.label);
    assertSameName(`enum ${canonicalName}`, type.label);
    parts.push({ path, content: { kind: "enum", names: members.map(({ name }) => name) } });
    return `enum(${type.numberOfBytes})`;
  }
  if (kind === "userDefinedValueType") {
    const definition = tree.declaration(Number(declaration), valueTypeDefinition(), type.label);
    assertSameName(definition.canonicalName ?? definition.name, type.label);
    return `type is ${definition.underlyingType.typeDescriptions.typeString}`;
  }
  return type.label;
}

function arrayLength(type: StorageType): string {
  const length = /\[(\d+)\]$/.exec(type.label)?.[1];
  if (length === undefined) {
    throw new SealpatchError("layout/invalid-storage-layout", `no array length in ${type.label}`, {
      details: { type: type.label },
      remedy: "compile again with solc and read its output unchanged",
    });
  }
  return length;
}
