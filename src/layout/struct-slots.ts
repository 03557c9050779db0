import { ConstantReader, type Node, nodeOf, nodesOf, yulNodes } from "./constants.js";
import type { ContractDefinition, SyntaxTree } from "./syntax-tree.js";

/**
 * Where assembly sets storage pointers to structs, `$.slot := LOCATION`, as the code has it.
 * @param nodes all nodes of a contract's code.
 * @param contracts the contract and its bases, the most derived first.
 * @returns by the id of a struct, each slot that is set; undefined for one that no constant gives.
 */
export function structSlots(
  nodes: readonly Node[],
  contracts: readonly ContractDefinition[],
  tree: SyntaxTree,
): ReadonlyMap<number, readonly (bigint | undefined)[]> {
  const constants = new ConstantReader(nodes, contracts, tree);
  const slots = new Map<number, (bigint | undefined)[]>();
  for (const node of nodes.filter(({ nodeType }) => nodeType === "InlineAssembly")) {
    const block = new AssemblyBlock(node, constants);
    for (const { pointer, value } of block.slotsSet()) {
      const struct = nodeOf(tree.find(pointer)?.typeName)?.referencedDeclaration;
      if (typeof struct === "number") slots.set(struct, [...(slots.get(struct) ?? []), value]);
    }
  }
  return slots;
}

const MASK = (1n << 256n) - 1n;

const BUILTINS: Readonly<Record<string, (one: bigint, other: bigint) => bigint>> = {
  add: (one, other) => one + other,
  sub: (one, other) => one - other,
  and: (one, other) => one & other,
  or: (one, other) => one | other,
  xor: (one, other) => one ^ other,
  not: (one) => ~one,
};

/** An inline assembly block. Yul nodes have no ids: what a name stands for is told by its place in the source. */
class AssemblyBlock {
  readonly #references = new Map<string, Node>();
  readonly #nodes: readonly Node[];
  readonly #constants: ConstantReader;

  constructor(block: Node, constants: ConstantReader) {
    this.#constants = constants;
    this.#nodes = yulNodes(block.AST);
    for (const reference of nodesOf(block.externalReferences)) {
      if (typeof reference.src === "string") this.#references.set(reference.src, reference);
    }
  }

  /** Each storage pointer whose slot is assigned, by the id of its declaration, and what it is set to. */
  slotsSet(): { pointer: number; value: bigint | undefined }[] {
    return this.#assignments().flatMap(({ target, value, single }) => {
      const reference = this.#references.get(String(target.src));
      if (reference?.isSlot !== true || typeof reference.declaration !== "number") return [];
      return [{ pointer: reference.declaration, value: single ? this.#evaluate(value) : undefined }];
    });
  }

  #assignments() {
    return this.#nodes
      .filter(({ nodeType }) => nodeType === "YulAssignment" || nodeType === "YulVariableDeclaration")
      .flatMap((node) => {
        const targets = nodesOf(node.variableNames ?? node.variables);
        return targets.map((target) => ({ target, value: node.value, single: targets.length === 1 }));
      });
  }

  #evaluate(value: unknown): bigint | undefined {
    const node = nodeOf(value);
    if (node === undefined) return undefined;
    if (node.nodeType === "YulLiteral") {
      return node.kind === "number" ? BigInt(String(node.value)) : undefined;
    }
    if (node.nodeType === "YulIdentifier") return this.#evaluateName(node);
    if (node.nodeType !== "YulFunctionCall") return undefined;
    const operation = BUILTINS[String(nodeOf(node.functionName)?.name)];
    const [one, other = 0n] = nodesOf(node.arguments).map((argument) => this.#evaluate(argument) ?? null);
    if (operation === undefined || typeof one !== "bigint" || other === null) return undefined;
    return operation(one, other) & MASK;
  }

  #evaluateName({ src, name }: Node): bigint | undefined {
    const reference = this.#references.get(String(src));
    if (reference !== undefined) {
      const { declaration, isSlot, isOffset } = reference;
      const plain = isSlot !== true && isOffset !== true && typeof declaration === "number";
      return plain ? this.#constants.declared(declaration) : undefined;
    }
    // A variable of the assembly itself, given one value.
    const [assigned, ...others] = this.#assignments().filter(({ target }) => target.name === name);
    if (assigned === undefined || others.length > 0 || !assigned.single) return undefined;
    return this.#evaluate(assigned.value);
  }
}
