import { type StructDefinition, type TypeName, typeDefinition } from "./declarations.js";
import type { StorageType, StorageVariable } from "./storage-layout.js";
import { invalidSyntaxTree, type SyntaxTree } from "./syntax-tree.js";

const SLOT_BYTES = 32n;

/**
 * Places the members of a struct from its declaration, for structs that no state variable has and that solc's
 * storage layout therefore leaves out. The rules are those of "Layout of State Variables in Storage" in the Solidity
 * documentation; the result has the shape of solc's own output.
 * @returns members with slots relative to the start of the struct, and the table of the types that they use.
 * @throws SealpatchError `layout/missing-syntax-tree`, `layout/invalid-syntax-tree`.
 */
export function layOutStruct(struct: StructDefinition, tree: SyntaxTree) {
  const types = new TypeTable(tree);
  return { members: types.members(struct), types: types.rows };
}

/** A type by its name, in the shape of solc's own output. */
export function layOutType(typeName: TypeName, tree: SyntaxTree) {
  const types = new TypeTable(tree);
  return { type: types.add(typeName), types: types.rows };
}

/** Builds solc's type table from syntax trees. */
class TypeTable {
  readonly rows: Record<string, StorageType> = {};
  readonly #tree: SyntaxTree;

  constructor(tree: SyntaxTree) {
    this.#tree = tree;
  }

  members(struct: StructDefinition): StorageVariable[] {
    const { places } = placeMembers(struct, this.#tree);
    return struct.members.map(({ id, name, typeName }, index) => ({
      label: name,
      slot: places[index]!.slot.toString(),
      offset: Number(places[index]!.offset),
      type: this.add(typeName),
      astId: id,
    }));
  }

  /** Enters a type and all that it is made of. @returns its key. */
  add(typeName: TypeName): string {
    const label = typeName.typeDescriptions.typeString;
    const row: StorageType = {
      encoding: "inplace",
      label,
      numberOfBytes: sizeOf(typeName, this.#tree).toString(),
    };
    switch (typeName.nodeType) {
      case "ElementaryTypeName":
        return this.#enter(`t_${label}`, isBytes(label) ? { ...row, encoding: "bytes" } : row);
      case "FunctionTypeName":
        return this.#enter(`t_function_${typeName.visibility}(${label})`, row);
      case "Mapping": {
        const key = this.add(typeName.keyType);
        const value = this.add(typeName.valueType);
        return this.#enter(`t_mapping(${key},${value})`, { ...row, encoding: "mapping", key, value });
      }
      case "ArrayTypeName": {
        const base = this.add(typeName.baseType);
        const length = arrayLength(label);
        return this.#enter(`t_array(${base})${length ?? "dyn"}`, {
          ...row,
          encoding: length === undefined ? "dynamic_array" : "inplace",
          base,
        });
      }
      case "UserDefinedTypeName":
        return this.#addUserDefined(row, typeName.referencedDeclaration);
    }
  }

  #addUserDefined(row: StorageType, id: number): string {
    const definition = this.#tree.declaration(id, typeDefinition(), row.label);
    switch (definition.nodeType) {
      case "ContractDefinition":
        return this.#enter(`t_contract(${row.label})${id}`, row);
      case "EnumDefinition":
        return this.#enter(`t_enum(${row.label})${id}`, row);
      case "UserDefinedValueTypeDefinition":
        return this.#enter(`t_userDefinedValueType(${row.label})${id}`, row);
      case "StructDefinition": {
        const key = `t_struct(${row.label})${id}`;
        if (key in this.rows) return key;
        // Entered before its members, because one of them may lead back to it.
        this.#enter(key, row);
        this.rows[key] = { ...row, members: this.members(definition) };
        return key;
      }
    }
  }

  #enter(key: string, row: StorageType): string {
    this.rows[key] ??= row;
    return key;
  }
}

/** Where each member of a struct lies, relative to the struct, and how many bytes the struct takes. */
function placeMembers(struct: StructDefinition, tree: SyntaxTree) {
  let slot = 0n;
  let offset = 0n;
  const places = struct.members.map(({ typeName }) => {
    const size = sizeOf(typeName, tree);
    // What fills whole slots starts one of its own; a smaller value never straddles two.
    if (offset + size > SLOT_BYTES && offset > 0n) {
      slot += 1n;
      offset = 0n;
    }
    const place = { slot, offset };
    slot += (offset + size) / SLOT_BYTES;
    offset = (offset + size) % SLOT_BYTES;
    return place;
  });
  return { places, size: (slot + (offset > 0n ? 1n : 0n)) * SLOT_BYTES };
}

/** Bytes that a variable of this type occupies where it stands: whole slots for structs and arrays. */
function sizeOf(typeName: TypeName, tree: SyntaxTree): bigint {
  const label = typeName.typeDescriptions.typeString;
  switch (typeName.nodeType) {
    case "ElementaryTypeName":
      return elementarySize(label);
    case "FunctionTypeName":
      // An external function is an address and a selector, an internal one a position in the code.
      return typeName.visibility === "external" ? 24n : 8n;
    case "Mapping":
      return SLOT_BYTES;
    case "ArrayTypeName": {
      const length = arrayLength(label);
      if (length === undefined) return SLOT_BYTES;
      const element = sizeOf(typeName.baseType, tree);
      // Small elements share slots, but none straddles two.
      const slots =
        element <= SLOT_BYTES ? divideUp(length, SLOT_BYTES / element) : (length * element) / SLOT_BYTES;
      return slots * SLOT_BYTES;
    }
    case "UserDefinedTypeName": {
      const definition = tree.declaration(typeName.referencedDeclaration, typeDefinition(), label);
      switch (definition.nodeType) {
        case "ContractDefinition":
          return 20n;
        case "EnumDefinition":
          return definition.members.length <= 256 ? 1n : 2n; // more only before Solidity 0.8
        case "UserDefinedValueTypeDefinition":
          return elementarySize(definition.underlyingType.typeDescriptions.typeString);
        case "StructDefinition":
          return placeMembers(definition, tree).size;
      }
    }
  }
}

function elementarySize(name: string): bigint {
  if (isBytes(name)) return SLOT_BYTES;
  if (name === "bool") return 1n;
  if (name === "address" || name === "address payable") return 20n;
  const [, kind, digits] = /^(uint|int|bytes)(\d+)$/.exec(name) ?? [];
  if (digits === undefined) throw invalidSyntaxTree(`no value type is called ${name}`);
  return kind === "bytes" ? BigInt(digits) : BigInt(digits) / 8n;
}

function isBytes(name: string): boolean {
  return name === "bytes" || name === "string";
}

/** The length of a fixed array, from the name of its type; undefined for a dynamic one. */
function arrayLength(label: string): bigint | undefined {
  const digits = /\[(\d+)\]$/.exec(label)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
