import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import type { AnnotationSource } from "./annotations.js";
import { assertLayoutPreserved, compareLayouts, type LayoutComparison } from "./compare.js";
import type { Layout } from "./entry.js";
import type { LayoutFinding } from "./finding.js";
import { canonicalLayout, type LayoutOptions, type LayoutSource } from "./layout.js";
import { meetsCircuit } from "./relations.js";
import { unconfirmedNamespaces } from "./undigested.js";
import {
  compareWithUpgradesCore,
  type UpgradesCoreLayout,
  type UpgradesCoreReport,
  upgradesCoreLayout,
} from "./upgrades-core.js";
import { capacityExcess, LAYOUT_CAPACITY, type LayoutCapacity, layoutWitness } from "./witness.js";

/** One contract's storage, in the canonical form and as upgrades-core sees it. */
export interface ContractLayout {
  readonly layout: Layout;
  /** The layout as one that is to preserve another (`LayoutOptions.previous`); `layout` itself where it is not given. */
  readonly after?: (previous: Layout) => Layout;
  /** Made when it is asked for. @throws SealpatchError `layout/upgrades-core-failed`. */
  readonly upgradesCore: () => UpgradesCoreLayout;
}

/** What three judges say about a new layout. */
export interface LayoutDiff {
  /**
   * The strictest of the three decides: preserved only if none objects, and the circuit has room for the proof;
   * `does-not-fit` where room is all that is missing.
   */
  readonly verdict: "preserved" | "does-not-fit" | "broken";
  readonly findings: readonly (LayoutFinding | OtherFinding)[];
  readonly verdicts: {
    /** OpenZeppelin's upgrades-core, of which only the layout's part is asked; `unsupported` where a struct holds itself, which is not an objection. */
    readonly upgradesCore: "safe" | "unsafe" | "unsupported";
    /** The rule of protocol.md section 6, in terms of variables. */
    readonly canonical: "preserved" | "broken";
    /** The constraints of the `attest` circuit, and its sizes. */
    readonly circuit: "provable" | "refused" | "too-large";
  };
}

/** A finding of upgrades-core alone, a note about it, a namespace or an old layout without variables, or one about the circuit's sizes. */
export interface OtherFinding
  extends Pick<LayoutFinding, "slot" | "offset" | "label" | "message" | "remedy"> {
  readonly code:
    | "layout/nothing-to-preserve"
    | "layout/upgrades-core"
    | "layout/upgrades-core-unsupported"
    | "layout/namespace-unconfirmed"
    | "layout/too-many-entries"
    | "layout/too-many-changes";
}

/**
 * Both views of one contract.
 * @param options.previous as of `canonicalLayout`, for `layout` itself.
 * @throws SealpatchError as `canonicalLayout`.
 */
export function contractLayout(
  source: LayoutSource,
  options: Pick<LayoutOptions, "previous"> = {},
): ContractLayout {
  return {
    layout: canonicalLayout(source, options),
    after: (previous) => canonicalLayout(source, { previous }),
    upgradesCore: lazily(() => upgradesCoreLayout(source)),
  };
}

/**
 * Both views of a contract in solc's standard-JSON output with `storageLayout` and the syntax trees of all sources.
 * @param contract `File.sol:Name`.
 * @param origin the compiler's version and what it compiled, which tell whether the trees lack annotations.
 * @throws SealpatchError `layout/missing-storage-layout` where the output lacks the contract or its layout, and as
 * `canonicalLayout`.
 */
export function readContractLayout(
  output: {
    readonly contracts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly sources?: Readonly<Record<string, { readonly ast?: unknown }>>;
  },
  contract: string,
  origin: AnnotationSource = {},
): ContractLayout {
  const split = contract.lastIndexOf(":");
  const [sourceName, contractName] = [contract.slice(0, split), contract.slice(split + 1)];
  const found = output.contracts?.[sourceName]?.[contractName] as { storageLayout?: unknown } | undefined;
  return contractLayout({
    ...origin,
    contractName,
    sourceName,
    storageLayout: found?.storageLayout,
    asts: Object.values(output.sources ?? {}).flatMap(({ ast }) => (ast === undefined ? [] : [ast])),
  });
}

/**
 * Compares two contracts that share one account's storage, by three judges: upgrades-core, the canonical rule, and the
 * relations of the circuit.
 * @throws SealpatchError `layout/upgrades-core-failed`.
 */
export function diffLayouts(
  old: ContractLayout,
  next: ContractLayout,
  capacity: LayoutCapacity = LAYOUT_CAPACITY,
): LayoutDiff {
  const core = compareWithUpgradesCore(old.upgradesCore(), next.upgradesCore());
  const comparison = compareLayouts(old.layout, next.after?.(old.layout) ?? next.layout);
  const { preserved, findings } = comparison;
  const excess = capacityExcess(comparison, capacity);
  const provable = excess.length === 0 && meetsCircuit(layoutWitness(comparison, capacity));
  const circuit = provable ? "provable" : excess.length === 0 ? "refused" : "too-large";
  const broken = core.verdict === "unsafe" || !preserved || circuit === "refused";
  const known = new Set(findings.map(({ slot, offset }) => `${slot}:${offset}`));
  const others: OtherFinding[] = core.findings
    .filter(({ slot, offset }) => !known.has(`${slot}:${offset}`))
    .map((finding) => ({ code: "layout/upgrades-core", ...finding }));
  return {
    verdict: broken ? "broken" : provable ? "preserved" : "does-not-fit",
    findings: [...findings, ...others, ...notes(core, comparison), ...excess.flatMap(roomFinding)],
    verdicts: { upgradesCore: core.verdict, canonical: preserved ? "preserved" : "broken", circuit },
  };
}

/** Where a finding is about no variable. */
const WHOLE = { slot: 0n, offset: 0, label: "" } as const;

/** What the judges do not say, and what their agreement does not mean. */
function notes({ verdict }: UpgradesCoreReport, comparison: LayoutComparison): OtherFinding[] {
  const others: OtherFinding[] = [];
  if (verdict === "unsupported") {
    const message = "upgrades-core gives no verdict: it does not follow structs that hold themselves";
    const remedy = "nothing: the other two judges decide";
    others.push({ code: "layout/upgrades-core-unsupported", ...WHOLE, message, remedy });
  }
  if (comparison.old.entries.every(({ gap }) => gap)) {
    const message = "the old contract has no variables and no namespaces, so every layout preserves it";
    const remedy = "check that it is the implementation which the proxy runs";
    others.push({ code: "layout/nothing-to-preserve", ...WHOLE, message, remedy });
  }
  for (const finding of unconfirmedNamespaces(comparison)) {
    others.push({ code: "layout/namespace-unconfirmed", ...finding });
  }
  return others;
}

function roomFinding({ code, message, remedy = "" }: SealpatchError): OtherFinding[] {
  if (code !== "layout/too-many-entries" && code !== "layout/too-many-changes") return [];
  return [{ code, ...WHOLE, message, remedy }];
}

/** Findings that are no objections: what a judge does not say, and sizes, which `assertLayoutsFit` refuses. */
const NO_OBJECTION: ReadonlySet<LayoutDiff["findings"][number]["code"]> = new Set([
  "layout/nothing-to-preserve",
  "layout/upgrades-core-unsupported",
  "layout/namespace-unconfirmed",
  "layout/too-many-entries",
  "layout/too-many-changes",
]);

/**
 * Checks that no judge objects to a new layout. Whether it fits the circuit is for `assertLayoutsFit` to say: circuits are built
 * with other sizes too.
 * @throws SealpatchError `layout/not-preserved` with the first finding; that of upgrades-core has the code `layout/upgrades-core`.
 */
export function assertNoObjection({
  findings,
  verdicts: { upgradesCore, canonical, circuit },
}: Pick<LayoutDiff, "findings" | "verdicts">): void {
  assertLayoutPreserved({ findings: findings.filter(({ code }) => !NO_OBJECTION.has(code)) });
  if (upgradesCore !== "unsafe" && canonical === "preserved" && circuit !== "refused") return;
  throw new SealpatchError(
    "layout/not-preserved",
    "a judge refuses the new storage layout and names no variable",
    {
      details: { upgradesCore, canonical, circuit },
      why: "whoever objects without a reason objects all the same",
      remedy: "compare both contracts variable by variable, or upgrade through the slow path",
    },
  );
}
