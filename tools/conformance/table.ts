import type { PublishedComparison, TestedContract } from "./published.js";
import { askSealpatch, type SealpatchVerdict } from "./sealpatch.js";
import type { Sources } from "./sources.js";
import { askUpgradesCore, type UpgradesCoreVerdict } from "./upgrades-core.js";

/** Share of the pairs safe for upgrades-core that must be provable. */
export const PROVABLE_SHARE = 0.95;

/** One pair of contracts, compared by both. */
export interface Row {
  readonly published: PublishedComparison;
  readonly upgradesCore: UpgradesCoreVerdict;
  readonly sealpatch: SealpatchVerdict;
  /** Empty where everything is as it should be. */
  readonly problems: readonly string[];
}

/** A published comparison that is not a row, and why. */
export interface LeftOut {
  readonly published: PublishedComparison;
  readonly reason: string;
}

export interface Figures {
  readonly pairs: number;
  /** Safe for upgrades-core, and how many of them the circuit proves. */
  readonly safe: number;
  readonly provable: number;
  /** Unsafe for upgrades-core, and how many of them this project calls broken. */
  readonly unsafe: number;
  readonly broken: number;
  /** Unsafe for upgrades-core, and the circuit alone would prove them: off chain the stricter one wins. */
  readonly provableAndUnsafe: number;
  readonly problems: number;
}

export interface ConformanceTable {
  readonly rows: readonly Row[];
  readonly leftOut: readonly LeftOut[];
  readonly figures: Figures;
  /** No problem anywhere, and enough is provable. */
  readonly ok: boolean;
}

/** Runs every published pair through upgrades-core and through this project. */
export function conformanceTable(
  published: readonly PublishedComparison[],
  sources: Sources,
): ConformanceTable {
  const { pairs, leftOut } = distinctPairs(published);
  const rows = pairs.map((pair) => row(pair, sources));
  const safe = rows.filter(({ upgradesCore }) => upgradesCore.verdict === "safe");
  const unsafe = rows.filter(({ upgradesCore }) => upgradesCore.verdict === "unsafe");
  const isProvable = ({ sealpatch }: Row) =>
    sealpatch.circuit === "provable" && sealpatch.verdict === "preserved";
  const figures: Figures = {
    pairs: rows.length,
    safe: safe.length,
    provable: safe.filter(isProvable).length,
    unsafe: unsafe.length,
    broken: unsafe.filter(({ sealpatch }) => sealpatch.verdict === "broken").length,
    provableAndUnsafe: unsafe.filter(({ sealpatch }) => sealpatch.circuit === "provable").length,
    problems: rows.filter(({ problems }) => problems.length > 0).length,
  };
  const ok = figures.problems === 0 && figures.provable >= PROVABLE_SHARE * figures.safe;
  return { rows, leftOut, figures, ok };
}

/**
 * Each pair once, with the comparison for which its test gives upgrades-core the most: a layout from the compiler, if any
 * does. The others are left out, each with its reason.
 */
function distinctPairs(published: readonly PublishedComparison[]) {
  const leftOut: LeftOut[] = [];
  const pairs = new Map<string, PublishedComparison>();
  for (const comparison of published) {
    const reason = comparison.altered ?? missingCompiler(comparison);
    if (reason !== undefined) {
      leftOut.push({ published: comparison, reason });
      continue;
    }
    const key = `${comparison.old.name} ${comparison.next.name}`;
    const known = pairs.get(key);
    if (known === undefined || informed(known) < informed(comparison)) pairs.set(key, comparison);
    const worse = known === undefined || informed(known) >= informed(comparison) ? comparison : known;
    if (known !== undefined) leftOut.push({ published: worse, reason: repetition(worse) });
  }
  return { pairs: [...pairs.values()], leftOut };
}

function informed({ old, next }: PublishedComparison): number {
  return [old.layout, next.layout, old.namespacedLayout, next.namespacedLayout].filter(Boolean).length;
}

function repetition(comparison: PublishedComparison): string {
  return comparison.old.layout
    ? "the pair once more"
    : "the pair once more, without the compiler's storage layout";
}

function missingCompiler({ old, next }: PublishedComparison): string | undefined {
  const needs = (contract: TestedContract) => contract.source === "Storage088.sol";
  return needs(old) || needs(next)
    ? "is about solc 0.8.8, which gave a user-defined value type a whole slot"
    : undefined;
}

function row(published: PublishedComparison, sources: Sources): Row {
  const { old, next, expected, errors } = published;
  const upgradesCore = askUpgradesCore(sources, old, next);
  const sealpatch = askSealpatch(sources, old, next);
  const problems: string[] = [];
  if (upgradesCore.verdict !== expected || (errors ?? upgradesCore.errors) !== upgradesCore.errors) {
    problems.push(`the published test expects ${expected} (${errors} errors), not ${upgradesCore.verdict}`);
  }
  if (upgradesCore.verdict === "unsafe" && sealpatch.verdict === "preserved") {
    problems.push("weaker than upgrades-core");
  }
  if (upgradesCore.verdict === "unsafe" && sealpatch.upgradesCore === "safe") {
    problems.push("sealpatch reports it as safe for upgrades-core");
  }
  return { published, upgradesCore, sealpatch, problems };
}
