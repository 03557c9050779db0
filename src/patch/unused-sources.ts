import type { Artifact } from "../code/index.js";
import type { ContractSource } from "./bundle.js";

/** solc's syntax tree of a source, as far as imports go. */
interface SourceUnit {
  readonly absolutePath?: string;
  readonly nodes?: readonly { readonly nodeType: string; readonly absolutePath?: string }[];
}

/**
 * Names of the sources of a compiler's input that the contract's source does not import, at any remove. They are of no part of the
 * contract, so no digest of it covers their text; what they do to the numbering of the compiler may still be in the code.
 * @param artifact of the contract, with the syntax trees of all sources.
 */
export function unusedSources(artifact: Artifact, { compiler, contract }: ContractSource): string[] {
  const trees = new Map((artifact.asts as readonly SourceUnit[]).map((tree) => [tree.absolutePath, tree]));
  const used = new Set<string>();
  const open = [contract.slice(0, contract.lastIndexOf(":"))];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    for (const { nodeType, absolutePath } of trees.get(name)?.nodes ?? [])
      if (nodeType === "ImportDirective" && absolutePath !== undefined) open.push(absolutePath);
  }
  return Object.keys(compiler.input.sources).filter((name) => !used.has(name));
}
