import { concat, getBytes, keccak256, toBeHex } from "ethers";
import { namespaceRoot } from "./namespace-root.js";
import type { ContractDefinition, SyntaxTree } from "./syntax-tree.js";

/** A node of a syntax tree whose properties are looked at one by one; nodes of assembly have no id. */
export type Node = Readonly<Record<string, unknown>>;

/** The value as a node; undefined where it is none. */
export function nodeOf(value: unknown): Node | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : undefined;
}

/** The elements of a list that are nodes. */
export function nodesOf(value: unknown): Node[] {
  return Array.isArray(value)
    ? value.filter((element): element is Node => nodeOf(element) !== undefined)
    : [];
}

/** Every node below a node of assembly, and the node itself. */
export function yulNodes(value: unknown): Node[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(yulNodes);
  const node = nodeOf(value);
  return node === undefined ? inner : [node, ...inner];
}

/** A word of 256 bits, or bytes. */
type Value = bigint | Uint8Array;

const MASK = (1n << 256n) - 1n;
/** Types of which a conversion keeps all 256 bits. */
const WORDS = new Set(["bytes32", "uint256", "uint", "int256", "int"]);
/** More steps than any constant takes: expressions may lead back to themselves. */
const MAX_STEPS = 200;

const OPERATIONS: Readonly<Record<string, (one: bigint, other: bigint) => bigint>> = {
  "+": (one, other) => one + other,
  "-": (one, other) => one - other,
  "*": (one, other) => one * other,
  "&": (one, other) => one & other,
  "|": (one, other) => one | other,
  "^": (one, other) => one ^ other,
};

/**
 * Computes what the compiler puts in the place of a constant: numbers, `keccak256`, `abi.encode`, and functions without
 * parameters that return one. What it does not know for certain it gives as undefined.
 */
export class ConstantReader {
  readonly #initial = new Map<number, unknown>();
  readonly #assigned = new Set<number>();
  readonly #contracts: readonly ContractDefinition[];
  readonly #tree: SyntaxTree;
  #steps = 0;

  /**
   * @param nodes all nodes of a contract's code.
   * @param contracts the contract and its bases, the most derived first: they decide which override of a function runs.
   */
  constructor(nodes: readonly Node[], contracts: readonly ContractDefinition[], tree: SyntaxTree) {
    this.#contracts = contracts;
    this.#tree = tree;
    for (const node of nodes) this.#note(node);
  }

  /** The word that a variable holds wherever it is read; undefined where that is not certain. */
  declared(id: number): bigint | undefined {
    this.#steps = 0;
    return word(this.#declared(id));
  }

  /** Which variables get their only value where they are declared. */
  #note(node: Node): void {
    if (node.nodeType === "VariableDeclarationStatement") {
      const [declared, ...others] = nodesOf(node.declarations);
      if (others.length === 0 && typeof declared?.id === "number") {
        this.#initial.set(declared.id, node.initialValue);
      }
    }
    if (node.nodeType === "Assignment" || node.nodeType === "UnaryOperation") {
      this.#noteAssigned(node.leftHandSide ?? (node.operator === "~" ? undefined : node.subExpression));
    }
    if (node.nodeType === "InlineAssembly") {
      // Assembly that names a variable may set it: no finer look is needed where all that it does is read constants.
      for (const id of assignedInAssembly(node)) this.#assigned.add(id);
    }
  }

  #noteAssigned(target: unknown): void {
    const node = nodeOf(target);
    for (const component of nodesOf(node?.components)) this.#noteAssigned(component);
    if (typeof node?.referencedDeclaration === "number") this.#assigned.add(node.referencedDeclaration);
  }

  #declared(id: number): Value | undefined {
    const node: Node = this.#tree.find(id) ?? {};
    if (node.nodeType !== "VariableDeclaration") return undefined;
    if (node.constant === true) return this.#evaluate(node.value);
    return this.#assigned.has(id) ? undefined : this.#evaluate(this.#initial.get(id));
  }

  #evaluate(value: unknown): Value | undefined {
    const node = nodeOf(value);
    if (node === undefined || ++this.#steps > MAX_STEPS) return undefined;
    switch (node.nodeType) {
      case "Literal":
        return literal(node);
      case "Identifier":
      case "MemberAccess":
        return typeof node.referencedDeclaration === "number"
          ? this.#declared(node.referencedDeclaration)
          : undefined;
      case "TupleExpression": {
        const components = nodesOf(node.components);
        return components.length === 1 ? this.#evaluate(components[0]) : undefined;
      }
      case "UnaryOperation": {
        const inner = word(this.#evaluate(node.subExpression));
        return node.operator === "~" && inner !== undefined ? ~inner & MASK : undefined;
      }
      case "BinaryOperation": {
        const one = word(this.#evaluate(node.leftExpression));
        const other = word(this.#evaluate(node.rightExpression));
        const operation = OPERATIONS[String(node.operator)];
        if (operation === undefined || one === undefined || other === undefined) return undefined;
        return operation(one, other) & MASK;
      }
      case "FunctionCall":
        return this.#call(node);
      default:
        return undefined;
    }
  }

  #call(node: Node): Value | undefined {
    const callee = nodeOf(node.expression);
    const given = nodesOf(node.arguments);
    const [first] = given;
    if (node.kind === "typeConversion") return convert(typeOf(node), this.#evaluate(first));
    if (typeof callee?.referencedDeclaration === "number") {
      const called = this.#tree.find(callee.referencedDeclaration);
      if (called !== undefined) return given.length === 0 ? this.#returned(called.id) : undefined;
    }
    if (callee?.nodeType === "Identifier" && given.length === 1) {
      const bytes = this.#evaluate(first);
      if (!(bytes instanceof Uint8Array)) return undefined;
      if (callee.name === "keccak256") return BigInt(keccak256(bytes));
      if (callee.name === "erc7201") return namespaceRoot(new TextDecoder().decode(bytes));
    }
    const encodes = callee?.nodeType === "MemberAccess" && nodeOf(callee.expression)?.name === "abi";
    return encodes ? this.#encode(String(callee.memberName), given) : undefined;
  }

  #encode(kind: string, given: readonly Node[]): Value | undefined {
    const packed = kind === "encodePacked";
    if (!packed && kind !== "encode") return undefined;
    const parts = given.map((argument) => {
      const value = this.#evaluate(argument);
      // Text is encoded with its length unless it is packed, a narrow number packed with its own width.
      if (value instanceof Uint8Array) return packed ? value : undefined;
      if (value === undefined || (packed && !WORDS.has(typeOf(argument)))) return undefined;
      return getBytes(toBeHex(value, 32));
    });
    return parts.some((part) => part === undefined) ? undefined : getBytes(concat(parts as Uint8Array[]));
  }

  /** What a function returns that does nothing else: the override that runs in the contract. */
  #returned(id: number): Value | undefined {
    const body = nodeOf(this.#override(id)?.body);
    const statements = nodesOf(body?.statements);
    const [only] = statements;
    return statements.length === 1 && only?.nodeType === "Return"
      ? this.#evaluate(only.expression)
      : undefined;
  }

  #override(id: number): Node | undefined {
    const overridden = (node: Node): readonly unknown[] => {
      const bases = Array.isArray(node.baseFunctions) ? (node.baseFunctions as unknown[]) : [];
      return bases.flatMap((base) => [base, ...overridden(this.#tree.find(Number(base)) ?? {})]);
    };
    const functions = this.#contracts.flatMap(({ nodes }) => nodesOf(nodes));
    return functions.find((node) => node.id === id || overridden(node).includes(id)) ?? this.#tree.find(id);
  }
}

function assignedInAssembly({ AST, externalReferences }: Node): number[] {
  const places = new Map(nodesOf(externalReferences).map(({ src, declaration }) => [src, declaration]));
  const targets = (value: unknown): Node[] => {
    if (typeof value !== "object" || value === null) return [];
    const node = nodeOf(value);
    const own = node?.nodeType === "YulAssignment" ? nodesOf(node.variableNames) : [];
    return [...own, ...Object.values(value).flatMap(targets)];
  };
  return targets(AST).flatMap(({ src }) => {
    const declaration = places.get(src);
    return typeof declaration === "number" ? [declaration] : [];
  });
}

function literal({ kind, value, hexValue, subdenomination }: Node): Value | undefined {
  if (kind === "string" || kind === "hexString" || kind === "unicodeString") {
    return typeof hexValue === "string" ? getBytes(`0x${hexValue}`) : undefined;
  }
  const digits = String(value).replaceAll("_", "");
  const whole =
    kind === "number" && typeof subdenomination !== "string" && /^(0x[0-9a-f]+|\d+)$/i.test(digits);
  return whole ? BigInt(digits) : undefined;
}

function convert(type: string, value: Value | undefined): Value | undefined {
  if (value instanceof Uint8Array)
    return /^(bytes|string)\b/.test(type) && !WORDS.has(type) ? value : undefined;
  return WORDS.has(type) ? value : undefined;
}

function typeOf(node: Node): string {
  return String(nodeOf(node.typeDescriptions)?.typeString);
}

function word(value: Value | undefined): bigint | undefined {
  return typeof value === "bigint" ? value : undefined;
}
