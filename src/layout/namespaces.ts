import { namespaceId, storageLocation } from "./annotations.js";
import type { ContractCode } from "./contract-code.js";
import { structDefinition } from "./declarations.js";
import { namespaceRoot } from "./namespace-root.js";
import { layOutStruct } from "./struct-layout.js";
import { parseNode } from "./syntax-tree.js";

/** A struct that a contract keeps at a place of its own, outside of its state variables. */
export interface Namespace {
  /** Prefix of its members' labels: the annotation, `erc7201:<id>`. */
  readonly location: string;
  readonly root: bigint;
  /**
   * Where the code itself sets pointers to the struct: the root if that is all that it says, else a slot that is another.
   * Undefined where it sets none, or one that no constant gives.
   */
  readonly codeSlot: bigint | undefined;
  readonly members: ReturnType<typeof layOutStruct>["members"];
  readonly types: ReturnType<typeof layOutStruct>["types"];
}

/**
 * The namespaces of a contract: structs annotated `@custom:storage-location erc7201:<id>` (ERC-7201) in the contract
 * and its bases, and beyond the standard those in libraries and at file level that its code refers to, since such code
 * reads and writes the contract's own storage. Those of other contracts only where its code sets a pointer to one.
 * @throws SealpatchError `layout/malformed-annotation`, `layout/unknown-namespace-formula`, `layout/missing-syntax-tree`,
 * `layout/invalid-syntax-tree`.
 */
export function findNamespaces(code: ContractCode): Namespace[] {
  return code
    .nodes()
    .filter(({ nodeType, id }) => nodeType === "StructDefinition" && code.holds(id))
    .flatMap((node) => {
      const struct = parseNode(structDefinition(), node);
      const location = storageLocation(struct);
      if (location === undefined) return [];
      const root = namespaceRoot(namespaceId(location));
      const codeSlot = slotInCode(code.slotsOf(struct.id), root);
      return [{ location, root, codeSlot, ...layOutStruct(struct, code.tree) }];
    });
}

function slotInCode(slots: readonly (bigint | undefined)[], root: bigint): bigint | undefined {
  const other = slots.find((slot) => slot !== undefined && slot !== root);
  if (other !== undefined) return other;
  return slots.length > 0 && slots.every((slot) => slot === root) ? root : undefined;
}
