import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { nodeOf, yulNodes } from "./constants.js";
import type { ContractCode } from "./contract-code.js";
import { parseStorageLayout, type StorageTypes, type StorageVariable } from "./storage-layout.js";
import { missingSyntaxTree, type SyntaxNode } from "./syntax-tree.js";

const stateVariable = lazily(() =>
  zod.object({
    nodeType: zod.literal("VariableDeclaration"),
    id: zod.int(),
    name: zod.string(),
    constant: zod.literal(false),
    // Compilers before 0.6.6 do not write it, those before 0.8.24 know no transient variables.
    mutability: zod.literal("mutable").optional(),
    storageLocation: zod.literal("default").optional(),
  }),
);

/** solc's layout of a contract's storage, unread, with the syntax trees of its run. */
interface StorageSource {
  readonly contractName: string;
  readonly storageLayout?: unknown;
  readonly asts?: readonly unknown[];
}

/**
 * solc's storage layout of a contract, held against what the syntax trees declare: a layout that lacks a variable is no
 * layout. Foundry leaves empty ones out of its files: one that is absent is empty where the trees declare nothing.
 * @throws SealpatchError `layout/missing-storage-layout`, `layout/invalid-storage-layout`,
 * `layout/missing-syntax-tree`, `layout/ambiguous-contract`.
 */
export function readStorage(
  { contractName, storageLayout, asts = [] }: StorageSource,
  code: ContractCode,
): { storage: StorageVariable[]; types: StorageTypes } {
  if (asts.length === 0) {
    parseStorageLayout(storageLayout, contractName);
    throw missingSyntaxTree(`the contract ${contractName}`);
  }
  const declared = declaredVariables(code);
  const empty = declared.length === 0 ? { storage: [], types: null } : undefined;
  const layout = parseStorageLayout(storageLayout ?? empty, contractName);
  const listed = new Set(layout.storage.map(({ astId }) => astId));
  const missing = listed.has(undefined) ? undefined : declared.find(({ id }) => !listed.has(id));
  if (missing === undefined) return layout;
  throw new SealpatchError(
    "layout/invalid-storage-layout",
    `the storage layout of ${contractName} lacks the variable ${missing.name}`,
    {
      details: { contract: contractName, variable: missing.name, listed: layout.storage.length },
      why: "the syntax trees declare it, so layout and trees are not of one run, or the layout was cut",
      remedy: "compile again with solc and read its output unchanged",
    },
  );
}

function declaredVariables(code: ContractCode) {
  return code
    .contracts()
    .flatMap(({ nodes }) => nodes)
    .flatMap((node) => stateVariable().safeParse(node).data ?? []);
}

/**
 * That a contract may be what a proxy runs. Without this check what stores nothing by itself would pass for an
 * implementation of which anything keeps the layout.
 * @param entries how many entries its layout has.
 * @throws SealpatchError `layout/no-implementation` for an interface, a library and a proxy without entries.
 */
export function assertImplementation(code: ContractCode, entries: number): void {
  if (entries > 0) return;
  const { name, contractKind } = code.contracts()[0]!;
  const refuse = (what: string, why: string, remedy: string) =>
    new SealpatchError("layout/no-implementation", what, { details: { contract: name }, why, remedy });
  if (contractKind !== "contract") {
    throw refuse(
      `${name} is ${contractKind === "interface" ? "an interface" : "a library"}, which has no storage of its own`,
      "any layout would keep what it stores, which is nothing",
      "give the contract that the proxy runs, its implementation",
    );
  }
  if (!code.nodes().some(isFallback) || !code.nodes().some(delegates)) return;
  throw refuse(
    `${name} has no variables, and its fallback function delegates calls: is this the proxy?`,
    "the storage behind a proxy is laid out by its implementation; any layout would keep what the proxy declares",
    "give the contract that the proxy delegates to, its implementation",
  );
}

function isFallback({ nodeType, kind }: SyntaxNode): boolean {
  return nodeType === "FunctionDefinition" && kind === "fallback";
}

function delegates({ nodeType, memberName, AST, operations }: SyntaxNode): boolean {
  if (nodeType === "MemberAccess") return memberName === "delegatecall";
  if (nodeType !== "InlineAssembly") return false;
  // solc 0.5 writes assembly as text.
  if (typeof operations === "string") return /\bdelegatecall\b/.test(operations);
  return yulNodes(AST).some((node) => nodeOf(node.functionName)?.name === "delegatecall");
}
