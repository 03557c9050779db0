import type { TypeName } from "./declarations.js";
import type { SyntaxTree } from "./syntax-tree.js";

const TOKEN = /\s*(=>|[()[\]]|[\w$.]+)\s*/y;
const ELEMENTARY = /^(bool|string|bytes([1-9]|[12]\d|3[0-2])?|address|u?int(\d+)?)$/;
const SHORT: Readonly<Record<string, string>> = { uint: "uint256", int: "int256" };

/**
 * Reads a type as it is written in a comment, `mapping(uint8 => IToken)[3]`, into the nodes that the compiler would make
 * of it. User-defined types are found by their qualified name in the syntax trees.
 * @param near id of a node in the file where the comment stands: its types come first.
 * @returns undefined where it is not a type, names a function type, or names something that the trees do not hold just once.
 */
export function parseTypeText(text: string, tree: SyntaxTree, near: number): TypeName | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  const reader = new TypeReader(tokens, tree, near);
  const type = reader.type();
  return reader.atEnd ? type : undefined;
}

/** Recursive descent over the tokens; every method gives undefined where they do not fit. */
class TypeReader {
  #next = 0;
  readonly #tokens: readonly string[];
  readonly #tree: SyntaxTree;
  readonly #near: number;

  constructor(tokens: readonly string[], tree: SyntaxTree, near: number) {
    this.#tokens = tokens;
    this.#tree = tree;
    this.#near = near;
  }

  get atEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  type(): TypeName | undefined {
    let type = this.#accept("mapping") ? this.#mapping() : this.#named();
    while (type !== undefined && this.#accept("[")) {
      const length = /^\d+$/.exec(this.#tokens[this.#next] ?? "")?.[0] ?? "";
      if (length !== "") this.#next++;
      if (!this.#accept("]")) return undefined;
      type = node("ArrayTypeName", `${type.typeDescriptions.typeString}[${length}]`, { baseType: type });
    }
    return type;
  }

  #mapping(): TypeName | undefined {
    if (!this.#accept("(")) return undefined;
    const keyType = this.type();
    if (keyType === undefined || !this.#accept("=>")) return undefined;
    const valueType = this.type();
    if (valueType === undefined || !this.#accept(")")) return undefined;
    const text = `mapping(${keyType.typeDescriptions.typeString} => ${valueType.typeDescriptions.typeString})`;
    return node("Mapping", text, { keyType, valueType });
  }

  #named(): TypeName | undefined {
    // The compiler prints kinds before names, people leave them out.
    for (const kind of ["contract", "struct", "enum"]) if (this.#accept(kind)) break;
    const name = this.#tokens[this.#next++];
    if (name === undefined) return undefined;
    if (!ELEMENTARY.test(name)) return this.#userDefined(name);
    const payable = name === "address" && this.#accept("payable");
    return node("ElementaryTypeName", payable ? "address payable" : (SHORT[name] ?? name), {});
  }

  #userDefined(name: string): TypeName | undefined {
    const found = this.#tree.typeNamed(name, this.#near);
    if (found === undefined) return undefined;
    const kind = { StructDefinition: "struct ", EnumDefinition: "enum ", ContractDefinition: "contract " }[
      found.nodeType
    ];
    return node("UserDefinedTypeName", `${kind ?? ""}${name}`, { referencedDeclaration: found.id });
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next++;
    return true;
  }
}

function node<K extends TypeName["nodeType"]>(
  nodeType: K,
  typeString: string,
  rest: Omit<Extract<TypeName, { nodeType: K }>, "nodeType" | "typeDescriptions">,
): TypeName {
  return { nodeType, typeDescriptions: { typeString }, ...rest } as unknown as TypeName;
}
