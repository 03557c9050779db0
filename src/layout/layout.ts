import { SealpatchError } from "../errors.js";
import { canonicalType, type TypeContext } from "./canonicalType.js";
import { bytePosition, describePlace, type Layout, type LayoutEntry, layoutEntry, overlap } from "./entry.js";
import { findNamespaces } from "./namespaces.js";
import { lookUpType, parseStorageLayout, type StorageVariable } from "./storageLayout.js";
import { missingSyntaxTree, SyntaxTree } from "./syntaxTree.js";

/** What a compiler says about the storage of one contract; an artifact of `src/code` has this shape. */
export interface LayoutSource {
  readonly contractName: string;
  /** Path of the source file; needed only where several contracts have the name. */
  readonly sourceName?: string;
  /** solc's `storageLayout`. */
  readonly storageLayout?: unknown;
  /** Syntax trees (`SourceUnit`) of the same compiler run. */
  readonly asts?: readonly unknown[];
}

export interface LayoutOptions {
  /**
   * Take the layout without syntax trees. Whoever sets this vouches that the contract has no ERC-7201 namespace: nothing
   * else shows them.
   */
  readonly assumeNoNamespaces?: boolean;
}

const GAP_LABEL = /^__gap(_.*)?$/;

/**
 * The canonical storage layout of a contract: its state variables and the members of its ERC-7201 namespaces, sorted
 * by byte position (docs/layout.md).
 * @throws SealpatchError `layout/missing-storage-layout`, `layout/missing-syntax-tree`, `layout/overlap`,
 * `layout/unknown-namespace-formula`, `layout/internal-function`, `layout/position-out-of-range`, `layout/invalid-size`,
 * `layout/crosses-region`, and others of the area where the compiler's output is not as expected.
 */
export function canonicalLayout(source: LayoutSource, options: LayoutOptions = {}): Layout {
  const { storage, types } = parseStorageLayout(source.storageLayout, source.contractName);
  const tree = new SyntaxTree(source.asts ?? []);
  const entries = toEntries(storage, { types, tree });
  if (!options.assumeNoNamespaces) {
    if ((source.asts ?? []).length === 0) throw missingSyntaxTree(`the contract ${source.contractName}`);
    const contracts = tree.linearizedContracts(source.contractName, source.sourceName);
    for (const { location, root, members, types } of findNamespaces(contracts, tree)) {
      entries.push(...toEntries(members, { types, tree }, { root, prefix: `${location}.` }));
    }
  }
  return makeLayout(entries);
}

/**
 * A layout of these entries, in order of position.
 * @throws SealpatchError `layout/overlap` where two share a byte.
 */
export function makeLayout(unordered: readonly LayoutEntry[]): Layout {
  const entries = unordered.toSorted((a, b) => (bytePosition(a) < bytePosition(b) ? -1 : 1));
  entries.forEach((entry, index) => {
    const before = entries[index - 1];
    if (before === undefined || !overlap(before, entry)) return;
    throw new SealpatchError("layout/overlap", `${before.label} and ${entry.label} share storage`, {
      details: { first: before.label, second: entry.label, slot: entry.slot, offset: entry.offset },
      why: `both hold ${describePlace(entry)}`,
      remedy:
        "give each namespace an id of its own, and move a custom base slot (`layout at`) away from the others",
    });
  });
  return { entries };
}

function toEntries(
  variables: readonly StorageVariable[],
  context: TypeContext,
  { root, prefix } = { root: 0n, prefix: "" },
): LayoutEntry[] {
  return variables.map(({ label, slot, offset, type }) => {
    const { base, encoding, numberOfBytes } = lookUpType(context.types, type);
    return layoutEntry({
      slot: root + BigInt(slot),
      offset,
      size: Number(numberOfBytes),
      label: prefix + label,
      type: canonicalType(type, context),
      gap: GAP_LABEL.test(label) && base !== undefined && encoding === "inplace",
    });
  });
}
