import { SealpatchError } from "../errors.js";
import { type AnnotationSource, assertAnnotationsShown } from "./annotations.js";
import { ContractCode } from "./contract-code.js";
import { assertImplementation, readStorage } from "./declared-storage.js";
import {
  bytePosition,
  describePlace,
  displayLabel,
  type Layout,
  type LayoutEntry,
  overlap,
  regionStart,
} from "./entry.js";
import { findNamespaces } from "./namespaces.js";
import { stateLabels } from "./state-labels.js";
import { parseStorageLayout } from "./storage-layout.js";
import { SyntaxTree } from "./syntax-tree.js";
import { variableEntries } from "./variable.js";

/** What a compiler says about the storage of one contract; an artifact of `src/code` has this shape. */
export interface LayoutSource extends AnnotationSource {
  readonly contractName: string;
  /** Path of the source file; needed only where several contracts have the name. */
  readonly sourceName?: string;
  /** solc's `storageLayout`; an absent one is empty where the trees declare no variable. */
  readonly storageLayout?: unknown;
  /** Syntax trees (`SourceUnit`) of the same compiler run. */
  readonly asts?: readonly unknown[];
}

export interface LayoutOptions {
  /**
   * Take the layout without syntax trees. Setting this asserts that the contract has no ERC-7201 namespace: nothing
   * else shows them.
   */
  readonly assumeNoNamespaces?: boolean;
  /**
   * The layout that the contract is to preserve. A struct of which it lists the members, because it had a gap, stays so
   * where the gap is used to its end; nothing else depends on it.
   */
  readonly previous?: Layout;
}

/**
 * The canonical storage layout of a contract: its state variables and the members of its ERC-7201 namespaces, and what
 * is inside of them and may grow, sorted by byte position (docs/layout.md).
 * @throws SealpatchError `layout/no-implementation` for an interface, a library and a proxy without storage;
 * `layout/missing-storage-layout`, `layout/missing-syntax-tree`, `layout/overlap`, `layout/unknown-namespace-formula`, `layout/malformed-annotation`, `layout/annotation-not-shown`, `layout/internal-function`, `layout/position-out-of-range`, `layout/invalid-size`,
 * `layout/crosses-region`, `layout/equal-names`, and others of the area where the compiler's output is not as expected.
 * @example
 * ```ts
 * const layout = canonicalLayout(artifact);
 * await writeFile("layout.json", JSON.stringify(layoutToJson(layout)));
 * console.log(`layout root ${layoutRoot(layout)}`);
 * ```
 */
export function canonicalLayout(source: LayoutSource, options: LayoutOptions = {}): Layout {
  const { contractName, sourceName } = source;
  const code = new ContractCode(new SyntaxTree(source.asts ?? []), contractName, sourceName);
  const { storage, types } = options.assumeNoNamespaces
    ? parseStorageLayout(source.storageLayout, contractName)
    : readStorage(source, code);
  const labels = stateLabels({ storage, types, code });
  const formerRegions = regionsOf(options.previous);
  const entries = storage.flatMap((variable, index) =>
    variableEntries(
      variable,
      { types, code, formerRegions, enclosing: [] },
      { root: 0n, prefix: "", named: labels[index]! },
    ),
  );
  if (!options.assumeNoNamespaces) {
    assertAnnotationsShown(code, source);
    for (const { location, root, codeSlot, members, types } of findNamespaces(code)) {
      const context = { types, code, formerRegions, enclosing: [] };
      const base = { root, prefix: `${location}.`, codeSlot };
      entries.push(...members.flatMap((member) => variableEntries(member, context, base)));
    }
    assertImplementation(code, entries.length);
  }
  return makeLayout(entries);
}

/** Where a layout lists what is inside of variables. */
function regionsOf(layout: Layout | undefined): ReadonlySet<bigint> {
  const inner = layout?.entries.filter(({ inside }) => inside !== undefined) ?? [];
  return new Set(inner.map(({ slot }) => regionStart(slot)));
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
    const [first, second] = [displayLabel(before), displayLabel(entry)];
    throw new SealpatchError("layout/overlap", `${first} and ${second} share storage`, {
      details: { first, second, slot: entry.slot, offset: entry.offset },
      why: `both hold ${describePlace(entry)}`,
      remedy:
        "give each namespace an id of its own, and move a custom base slot (`layout at`) away from the others",
    });
  });
  return { entries };
}
