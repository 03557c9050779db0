import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { structSlots } from "./struct-slots.js";
import {
  type ContractDefinition,
  contractDefinition,
  type SyntaxNode,
  type SyntaxTree,
} from "./syntax-tree.js";

const reference = lazily(() => zod.object({ declaration: zod.int() }));

/** solc 0.5 writes each reference under its name. */
const inlineAssembly = lazily(() =>
  zod.object({
    externalReferences: zod.array(
      zod.union([
        reference().transform((one) => [one]),
        zod.record(zod.string(), reference()).transform(Object.values<{ declaration: number }>),
      ]),
    ),
  }),
);

const construction = lazily(() =>
  zod.object({
    kind: zod.literal("structConstructorCall"),
    expression: zod.object({ referencedDeclaration: zod.int() }),
  }),
);

/**
 * The code that works on one contract's storage: the contract, its bases, and all that they refer to
 * (`SyntaxTree.reachable`). Other contracts of the same compilation say nothing about it.
 */
export class ContractCode {
  readonly tree: SyntaxTree;
  /** The contract and its bases, the most derived first. @throws SealpatchError as `SyntaxTree.linearizedContracts`. */
  readonly contracts: () => readonly ContractDefinition[];
  /** Every node of the code. @throws SealpatchError as `SyntaxTree.reachable`. */
  readonly nodes: () => readonly SyntaxNode[];
  readonly #used = lazily(() => this.#findUsed());
  readonly #slots = lazily(() => structSlots(this.nodes(), this.contracts(), this.tree));

  /** @param sourceName path of the source file; needed only where several contracts have the name. */
  constructor(tree: SyntaxTree, contractName: string, sourceName?: string) {
    this.tree = tree;
    this.contracts = lazily(() => tree.linearizedContracts(contractName, sourceName));
    this.nodes = lazily(() => tree.reachable(this.contracts()));
  }

  /**
   * Whether the code names a variable or a struct's member outside of its declaration, in assembly too, or constructs a
   * struct that has the member.
   * @param declaration id of the node that declares it.
   * @throws SealpatchError `layout/missing-syntax-tree` where the trees do not hold the contract's whole code.
   */
  uses(declaration: number): boolean {
    const scope = this.tree.find(declaration)?.scope;
    const used = this.#used();
    return used.has(declaration) || (typeof scope === "number" && used.has(constructed(scope)));
  }

  /** Each slot to which assembly of the code sets a pointer to a struct; undefined for one that no constant gives. */
  slotsOf(struct: number): readonly (bigint | undefined)[] {
    return this.#slots().get(struct) ?? [];
  }

  /** Whether a struct may lie in the contract's storage: not if another contract declares it, save where a pointer is set. */
  holds(struct: number): boolean {
    const scope = this.tree.find(struct)?.scope;
    const home = contractDefinition().safeParse(
      typeof scope === "number" ? this.tree.find(scope) : undefined,
    ).data;
    return (
      home === undefined ||
      home.contractKind === "library" ||
      this.contracts().some(({ id }) => id === home.id) ||
      this.slotsOf(struct).length > 0
    );
  }

  #findUsed(): ReadonlySet<number | string> {
    const used = new Set<number | string>();
    for (const node of this.nodes()) {
      if (typeof node.referencedDeclaration === "number") used.add(node.referencedDeclaration);
      if (node.nodeType === "InlineAssembly") {
        const references = inlineAssembly().safeParse(node).data?.externalReferences ?? [];
        for (const { declaration } of references.flat()) used.add(declaration);
      }
      const struct = construction().safeParse(node).data?.expression.referencedDeclaration;
      if (struct !== undefined) used.add(constructed(struct));
    }
    return used;
  }
}

const constructed = (struct: number) => `new ${struct}`;
