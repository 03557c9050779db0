import { SealpatchError } from "../errors.js";
import { enumDefinition, valueTypeDefinition } from "./declarations.js";
import { lookUpType, type StorageType, type StorageTypes } from "./storageLayout.js";
import type { SyntaxTree } from "./syntaxTree.js";

/** What a type string can be made from: solc's type table, and the declarations that it leaves out. */
export interface TypeContext {
  readonly types: StorageTypes;
  readonly tree: SyntaxTree;
}

/**
 * The canonical type string (docs/layout.md): everything that decides how stored bytes are read, and no compiler id.
 * Two types have the same string exactly if a value written by the one can be read by the other as the same value of
 * a type of the same name.
 * @param id key of the type in the table.
 * @throws SealpatchError `layout/missing-syntax-tree` for enums and user-defined value types that no tree declares,
 * `layout/internal-function`, `layout/syntax-tree-mismatch`, `layout/invalid-storage-layout`.
 */
export function canonicalType(id: string, context: TypeContext): string {
  return render(id, context, []);
}

/** @param enclosing ids of the structs around this type, the innermost last: where a type that holds itself ends. */
function render(id: string, context: TypeContext, enclosing: readonly string[]): string {
  const type = lookUpType(context.types, id);
  const nested = (inner: string | undefined) => render(inner ?? "", context, enclosing);
  if (type.encoding === "mapping") return `mapping(${nested(type.key)} => ${nested(type.value)})`;
  if (type.encoding === "dynamic_array") return `${nested(type.base)}[]`;
  if (type.base !== undefined) return `${nested(type.base)}[${arrayLength(type)}]`;
  if (type.members !== undefined) return renderStruct(id, type, context, enclosing);
  return renderValue(id, type, context.tree);
}

function renderStruct(
  id: string,
  type: StorageType,
  context: TypeContext,
  enclosing: readonly string[],
): string {
  const depth = enclosing.lastIndexOf(id);
  if (depth >= 0) return `${type.label}^${enclosing.length - depth}`;
  const members = (type.members ?? []).map(
    (member) =>
      `${render(member.type, context, [...enclosing, id])} ${member.label} @${member.slot}:${member.offset}`,
  );
  return `${type.label}{${members.join("; ")}}`;
}

function renderValue(id: string, type: StorageType, tree: SyntaxTree): string {
  if (id.startsWith("t_function_internal")) {
    throw new SealpatchError(
      "layout/internal-function",
      `a variable holds an internal function: ${type.label}`,
      {
        details: { type: type.label },
        why: "it is stored as a position in the code, which means something else after an upgrade",
        remedy: "store an enum or a number and choose the function in code",
      },
    );
  }
  // Only user-defined types carry the id of their declaration: t_enum(Color)23.
  const [, kind, declaration] = /^t_(enum|userDefinedValueType)\(.*\)(\d+)$/.exec(id) ?? [];
  if (kind === "enum") {
    const { canonicalName, members } = tree.declaration(Number(declaration), enumDefinition, type.label);
    assertSameName(`enum ${canonicalName}`, type.label);
    return `${type.label}{${members.map(({ name }) => name).join(", ")}}`;
  }
  if (kind === "userDefinedValueType") {
    const definition = tree.declaration(Number(declaration), valueTypeDefinition, type.label);
    assertSameName(definition.canonicalName ?? definition.name, type.label);
    return `type ${type.label} is ${definition.underlyingType.typeDescriptions.typeString}`;
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

function assertSameName(declared: string, used: string): void {
  if (declared === used) return;
  throw new SealpatchError("layout/syntax-tree-mismatch", `${used} is declared as ${declared}`, {
    details: { declared, used },
    why: "storage layout and syntax trees come from different compiler runs, so their ids do not match",
    remedy: "take both from one build-info file or one run of solc",
  });
}
