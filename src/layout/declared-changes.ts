import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { documentationText } from "./declarations.js";
import type { StorageVariable } from "./storage-layout.js";
import type { SyntaxTree } from "./syntax-tree.js";

const variableDeclaration = lazily(() =>
  zod.object({
    nodeType: zod.literal("VariableDeclaration"),
    documentation: documentationText(),
  }),
);

/** What the comment on a state variable tells about its past. */
export interface DeclaredChange {
  readonly renamedFrom?: string;
  /** As written, with white space made single. */
  readonly retypedFrom?: string;
}

/**
 * Reads `@custom:oz-renamed-from` and `@custom:oz-retyped-from` (OpenZeppelin Upgrades Plugins, "How can I rename a
 * variable, or change its type?") from a state variable's NatSpec comment. Compilers before 0.6.9 have no such comments.
 */
export function declaredChange({ astId }: StorageVariable, tree: SyntaxTree): DeclaredChange {
  const node = astId === undefined ? undefined : tree.find(astId);
  const text = variableDeclaration().safeParse(node).data?.documentation ?? "";
  const told = (tag: string): string | undefined => {
    const argument = new RegExp(`^\\s*@custom:${tag}\\s+((?:(?!^\\s*@)[^])*)`, "m").exec(text)?.[1];
    const value = argument?.trim().replace(/\s+/g, " ");
    return value === "" ? undefined : value;
  };
  const renamedFrom = told("oz-renamed-from");
  const retypedFrom = told("oz-retyped-from");
  return {
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    ...(retypedFrom === undefined ? {} : { retypedFrom }),
  };
}
