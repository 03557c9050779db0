import type * as z from "zod";
import { FORGE_BUILD, HARDHAT_BUILD } from "../compiler-settings.js";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { inOwnWords, zod } from "../zod.js";

const node = lazily(() => zod.looseObject({ id: zod.int(), nodeType: zod.string() }));
export type SyntaxNode = z.infer<ReturnType<typeof node>>;

const sourceUnit = lazily(() =>
  zod.looseObject({
    nodeType: zod.literal("SourceUnit"),
    absolutePath: zod.string(),
    nodes: zod.array(zod.unknown()),
  }),
);

export const contractDefinition = lazily(() =>
  zod.looseObject({
    nodeType: zod.literal("ContractDefinition"),
    id: zod.int(),
    name: zod.string(),
    contractKind: zod.string(),
    linearizedBaseContracts: zod.array(zod.int()),
    nodes: zod.array(zod.unknown()),
  }),
);
export type ContractDefinition = z.infer<ReturnType<typeof contractDefinition>>;

const NAMED_TYPES = new Set([
  "StructDefinition",
  "EnumDefinition",
  "ContractDefinition",
  "UserDefinedValueTypeDefinition",
]);

/** Identifiers of the language itself (`msg`, `require`) are below zero, in some versions as 32-bit words. */
const isNegative = (id: number) => id < 0 || id >= 2 ** 31;

/** The syntax trees of one compiler run, by node id: ids of different runs do not go together. */
export class SyntaxTree {
  readonly #nodes = new Map<number, SyntaxNode>();
  /** For each node, the path of the source that it stands in. */
  readonly #files = new Map<number, string>();
  #lastId = 0;
  readonly #contracts: { sourceName: string; contract: ContractDefinition }[] = [];

  /** @throws SealpatchError `layout/invalid-syntax-tree` where an element is not a `SourceUnit` of solc's AST output. */
  constructor(asts: readonly unknown[]) {
    for (const ast of asts) {
      const unit = parseNode(sourceUnit(), ast);
      for (const found of descendants(ast)) {
        this.#nodes.set(found.id, found);
        this.#files.set(found.id, unit.absolutePath);
        this.#lastId = Math.max(this.#lastId, found.id);
      }
      for (const member of unit.nodes) {
        const contract = contractDefinition().safeParse(member);
        if (contract.success) {
          this.#contracts.push({ sourceName: unit.absolutePath, contract: contract.data });
        }
      }
    }
  }

  /**
   * The declaration with this id, read by the schema of the kind that is expected there.
   * @throws SealpatchError `layout/missing-syntax-tree` where it is in none of the trees.
   */
  declaration<T>(id: number, schema: z.ZodType<T>, name: string): T {
    const found = this.#nodes.get(id);
    if (found === undefined) throw missingSyntaxTree(`the declaration of ${name}`);
    return parseNode(schema, found);
  }

  /** The node with this id, if any tree holds it. */
  find(id: number): SyntaxNode | undefined {
    return this.#nodes.get(id);
  }

  /** Path of the source file that holds a node, as the compiler was given it. */
  fileOf(id: number): string | undefined {
    return this.#files.get(id);
  }

  /**
   * The struct, enum, contract or user-defined value type with this qualified name (`Vault.State`); where several files have
   * one, that of the file that holds the node `near`.
   * @returns undefined where there is none, or it cannot be told which.
   */
  typeNamed(name: string, near: number): SyntaxNode | undefined {
    const named = [...this.#nodes.values()].filter(
      (found) => NAMED_TYPES.has(found.nodeType) && (found.canonicalName ?? found.name) === name,
    );
    const here = named.filter(({ id }) => this.#files.get(id) === this.#files.get(near));
    const [found, ...others] = here.length > 0 ? here : named;
    return others.length > 0 ? undefined : found;
  }

  /**
   * A contract and its bases, the most derived first.
   * @throws SealpatchError `layout/missing-syntax-tree`, `layout/ambiguous-contract`.
   */
  linearizedContracts(contractName: string, sourceName: string | undefined): ContractDefinition[] {
    const found = this.#contracts.filter(
      (candidate) =>
        candidate.contract.name === contractName &&
        (sourceName === undefined || candidate.sourceName === sourceName),
    );
    const [target] = found;
    if (target === undefined) throw missingSyntaxTree(`the contract ${contractName}`);
    if (found.length > 1) {
      throw new SealpatchError("layout/ambiguous-contract", `several contracts are called ${contractName}`, {
        details: {
          contract: contractName,
          sources: found.map((candidate) => candidate.sourceName).join(", "),
        },
        remedy: "name the source file too",
      });
    }
    return target.contract.linearizedBaseContracts.map((id) =>
      this.declaration(id, contractDefinition(), `a base contract of ${contractName}`),
    );
  }

  /**
   * Everything that the code of these contracts refers to, over any number of steps, and the contracts' own nodes.
   * Other contracts are not entered: they have their own storage. Libraries are, as far as they are used.
   * @throws SealpatchError `layout/missing-syntax-tree` where a declaration is in none of the trees.
   */
  reachable(contracts: readonly ContractDefinition[]): readonly SyntaxNode[] {
    const own = new Set(contracts.map(({ id }) => id));
    const seen = new Map<number, SyntaxNode>();
    const open: unknown[] = [...contracts];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const found of descendants(next)) {
        if (seen.has(found.id)) continue;
        seen.set(found.id, found);
        const target = found.referencedDeclaration;
        if (typeof target !== "number" || this.#isBuiltin(target) || seen.has(target)) continue;
        const declaration = this.declaration(target, node(), `what node ${found.id} refers to`);
        if (this.#runsInPlace(declaration, own)) open.push(declaration);
      }
    }
    return [...seen.values()];
  }

  /**
   * solc 0.5 numbers identifiers of the language from the last node on. It cannot be told from them whether a tree is
   * missing, but there were no annotated structs then that could be missed. Contracts have `abstract` since 0.6.
   */
  #isBuiltin(id: number): boolean {
    if (isNegative(id)) return true;
    return id > this.#lastId && this.#contracts.every(({ contract }) => !("abstract" in contract));
  }

  /** Whether what a declaration holds belongs to the storage of the contracts that refer to it. */
  #runsInPlace(declaration: SyntaxNode, own: ReadonlySet<number>): boolean {
    if (declaration.nodeType === "ContractDefinition") return false;
    if (declaration.nodeType !== "FunctionDefinition" && declaration.nodeType !== "ModifierDefinition") {
      return true;
    }
    const scope = declaration.scope;
    const home = typeof scope === "number" ? this.#nodes.get(scope) : undefined;
    const contract = contractDefinition().safeParse(home).data;
    return contract === undefined || contract.contractKind === "library" || own.has(contract.id);
  }
}

/**
 * Reads a node by the schema of its kind.
 * @throws SealpatchError `layout/invalid-syntax-tree`.
 */
export function parseNode<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { error: inOwnWords });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidSyntaxTree(`${issue?.path.join(".")}: ${issue?.message}`);
}

/**
 * That a declaration is the one that the storage layout means.
 * @throws SealpatchError `layout/syntax-tree-mismatch`.
 */
export function assertSameName(declared: string, used: string): void {
  if (declared === used) return;
  throw new SealpatchError("layout/syntax-tree-mismatch", `${used} is declared as ${declared}`, {
    details: { declared, used },
    why: "storage layout and syntax trees come from different compiler runs, so their ids do not match",
    remedy: "take both from one build-info file or one run of solc",
  });
}

/** The error for syntax trees that solc would not write. */
export function invalidSyntaxTree(problem: string): SealpatchError {
  return new SealpatchError("layout/invalid-syntax-tree", "the syntax tree is not as expected", {
    details: { problem },
    why: problem,
    remedy:
      "read the compiler's AST output unchanged; it must be of solc 0.5 or later, in the compact format",
  });
}

/** The error for types and contracts that the syntax trees at hand do not explain. */
export function missingSyntaxTree(what: string): SealpatchError {
  return new SealpatchError("layout/missing-syntax-tree", `no syntax tree holds ${what}`, {
    details: { missing: what },
    why: "enum members, underlying types, ERC-7201 namespaces and who declares a variable are in the syntax tree only",
    remedy:
      `Foundry: \`${FORGE_BUILD}\`, then read the file in \`out/build-info\`. ` +
      `Hardhat: \`${HARDHAT_BUILD}\`, and read the artifact with its build-info. ` +
      'solc: `"": ["ast"]` in outputSelection for all sources',
  });
}

function* descendants(value: unknown): Generator<SyntaxNode> {
  if (typeof value !== "object" || value === null) return;
  if (isNode(value)) yield value;
  for (const child of Object.values(value)) yield* descendants(child);
}

function isNode(value: object): value is SyntaxNode {
  return (
    "id" in value && typeof value.id === "number" && "nodeType" in value && typeof value.nodeType === "string"
  );
}
