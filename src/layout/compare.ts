import { SealpatchError } from "../errors.js";
import {
  bytePosition,
  describePlace,
  displayLabel,
  type Layout,
  type LayoutEntry,
  overlap,
  tellsChange,
} from "./entry.js";
import type { LayoutChange, LayoutFinding, LayoutFindingCode } from "./finding.js";
import { findingRemedy } from "./remedies.js";
import { describeMemberChange, describeTypeChange } from "./type-change.js";
import { declarerFindings, namespaceFindings } from "./undigested.js";

/** Two layouts, matched: all that messages, checks and the circuit's inputs need of the pair. */
export interface LayoutComparison {
  readonly old: Layout;
  readonly new: Layout;
  readonly preserved: boolean;
  /** Entries of `new` that are unchanged variables of `old`. */
  readonly kept: ReadonlySet<LayoutEntry>;
  /** Variables whose name, type or declared past differs, and which are preserved all the same. */
  readonly changes: readonly LayoutChange[];
  /** Empty exactly if `preserved`. */
  readonly findings: readonly LayoutFinding[];
}

/**
 * Compares by the rule that the `attest` circuit proves (protocol.md section 6): the new list is sorted, no two of its
 * entries overlap, and every old entry that is not a gap is in it at the same place and size, unchanged or with a name
 * or type that its new declaration explains. So all that is new lies in space that was free or gap. Beyond the rule it
 * looks at what no digest covers: who declares the first of equal names, and where the code has its namespaces. The
 * findings explain in terms of variables what is wrong.
 * @example
 * ```ts
 * const { preserved, findings } = compareLayouts(oldLayout, canonicalLayout(artifact, { previous: oldLayout }));
 * if (!preserved) console.log(findings.map(({ message }) => message).join("\n"));
 * ```
 */
export function compareLayouts(old: Layout, next: Layout): LayoutComparison {
  const { kept, changes, unchanged, lost, added } = matchEntries(old, next);
  const matches = matchChanged(lost, added);
  const findings = [
    ...orderFindings(next),
    ...lost.flatMap((entry) => explainLoss(entry, matches.get(entry))),
    ...added.flatMap((entry) => explainIntrusion(entry, old, matches)),
    ...declarerFindings([...unchanged, ...changes], next),
    ...namespaceFindings({ old, new: next }),
  ].map((finding): LayoutFinding => ({ ...finding, remedy: findingRemedy(finding) }));
  return { old, new: next, preserved: findings.length === 0, kept, changes, findings };
}

/**
 * @throws SealpatchError `layout/not-preserved`, whose message is the first finding, where the new layout does not
 * preserve the old.
 */
export function assertLayoutPreserved({
  findings,
}: {
  readonly findings: readonly (Pick<LayoutFinding, "slot" | "label" | "message" | "remedy"> & {
    readonly code: string;
  })[];
}): void {
  const [first] = findings;
  if (first === undefined) return;
  throw new SealpatchError(
    "layout/not-preserved",
    `the new storage layout does not preserve the old: ${first.message}`,
    {
      details: { finding: first.code, label: first.label, slot: first.slot, findings: findings.length },
      why: findings.map(({ message }) => message).join("; "),
      remedy: first.remedy,
    },
  );
}

/**
 * Sorts the entries of two layouts. Gaps are never kept, because the old layout promises nothing about them.
 * @returns `kept`: entries of `next` that are unchanged variables of `old`, and `unchanged`, both sides of these;
 * `changes`: variables that stay with a declared
 * change; `lost`: variables of `old` that are neither; `added`: entries of `next` that are neither.
 */
function matchEntries(old: Layout, next: Layout) {
  const variables = old.entries.filter(({ gap }) => !gap);
  const known = new Map(variables.map((entry) => [identity(entry), entry]));
  // No two variables of a layout are alike: a second one like it in a list that is not a layout is not kept.
  const unchanged = next.entries.flatMap((entry): LayoutChange[] => {
    const before = known.get(identity(entry));
    known.delete(identity(entry));
    return before === undefined ? [] : [{ old: before, new: entry }];
  });
  const kept = new Set(unchanged.map((pair) => pair.new));
  const found = new Set([...kept].map(identity));
  const places = new Map(next.entries.map((entry) => [placeOf(entry), entry]));
  const changes = variables
    .filter((entry) => !found.has(identity(entry)))
    .flatMap((entry): LayoutChange[] => {
      const other = places.get(placeOf(entry));
      return other !== undefined && explains(other, entry) ? [{ old: entry, new: other }] : [];
    });
  const changedFrom = new Set(changes.map((change) => change.old));
  const changedTo = new Set(changes.map((change) => change.new));
  return {
    kept,
    changes,
    unchanged,
    lost: variables.filter((entry) => !found.has(identity(entry)) && !changedFrom.has(entry)),
    added: next.entries.filter((entry) => !kept.has(entry) && !changedTo.has(entry)),
  };
}

/** Equal for two entries exactly if their digests are: all that the digest covers, without the cost of the hash. */
function identity(entry: LayoutEntry): string {
  return [entry.gap, placeOf(entry), entry.typeDigest, entry.labelDigest].join();
}

function placeOf({ slot, offset, size }: LayoutEntry): string {
  return [slot, offset, size].join();
}

function sameName(next: LayoutEntry, old: LayoutEntry): boolean {
  const { declaration } = next;
  const { name } = old.declaration;
  return declaration.name === name || (tellsChange(declaration) && declaration.formerName === name);
}

function sameType(next: LayoutEntry, old: LayoutEntry): boolean {
  const { declaration, typeDigest } = next;
  return (
    typeDigest === old.typeDigest || (tellsChange(declaration) && declaration.formerType === old.typeDigest)
  );
}

/** Whether a new entry at the place of an old one is the same variable, as far as it says itself. */
function explains(next: LayoutEntry, old: LayoutEntry): boolean {
  return !next.gap && sameName(next, old) && sameType(next, old);
}

/** Finds for each lost variable the new entry that it most likely became. */
function matchChanged(
  lost: readonly LayoutEntry[],
  added: readonly LayoutEntry[],
): Map<LayoutEntry, LayoutEntry> {
  const samePlace = (a: LayoutEntry, b: LayoutEntry) => bytePosition(a) === bytePosition(b);
  const likeness = [
    (a: LayoutEntry, b: LayoutEntry) => sameName(b, a) && samePlace(a, b),
    // Members of one struct in several variables have the same names.
    (a: LayoutEntry, b: LayoutEntry) => sameName(b, a) && a.inside === b.inside,
    (a: LayoutEntry, b: LayoutEntry) => sameName(b, a),
    (a: LayoutEntry, b: LayoutEntry) => a.typeDigest === b.typeDigest && samePlace(a, b),
  ];
  const matches = new Map<LayoutEntry, LayoutEntry>();
  const taken = new Set<LayoutEntry>();
  for (const alike of likeness) {
    for (const entry of lost.filter((candidate) => !matches.has(candidate))) {
      const match = added.find((candidate) => !taken.has(candidate) && alike(entry, candidate));
      if (match === undefined) continue;
      matches.set(entry, match);
      taken.add(match);
    }
  }
  return matches;
}

type Explained = Omit<LayoutFinding, "remedy">;

function explainLoss(old: LayoutEntry, match: LayoutEntry | undefined): Explained[] {
  const { slot, offset } = old;
  const label = displayLabel(old);
  const place = { slot, offset, label, old };
  if (match === undefined) {
    const message = `${label} (${describePlace(old)}) is gone`;
    return [{ code: "layout/deleted", ...place, message }];
  }
  const finding = (code: LayoutFindingCode, message: string) => ({ code, ...place, new: match, message });
  if (!sameName(match, old)) {
    const message = `${label} (${describePlace(old)}) is now called ${displayLabel(match)}`;
    return [finding("layout/renamed", message)];
  }
  const findings: Explained[] = [];
  if (bytePosition(match) !== bytePosition(old)) {
    const [from, to] = [describePlace(old), describePlace(match)];
    const message =
      from === to ? `${label} moved along with ${old.inside}` : `${label} moved from ${from} to ${to}`;
    findings.push(finding("layout/moved", message));
  }
  if (match.size !== old.size) {
    const message = `${label} (${describePlace(old)}) has ${match.size} bytes in place of ${old.size}${describeMemberChange(old.type, match.type)}`;
    findings.push(finding("layout/resized", message));
  } else if (!sameType(match, old)) {
    const message = `${label} (${describePlace(old)})${describeTypeChange(old.type, match.type)}`;
    findings.push(finding("layout/retyped", message));
  } else if (match.gap) {
    findings.push(finding("layout/retyped", `${label} (${describePlace(old)}) is now a gap`));
  }
  return findings;
}

function explainIntrusion(
  added: LayoutEntry,
  old: Layout,
  matches: ReadonlyMap<LayoutEntry, LayoutEntry>,
): Explained[] {
  const label = displayLabel(added);
  return old.entries
    .filter((entry) => !entry.gap && matches.get(entry) !== added && overlap(entry, added))
    .map((entry) => ({
      code: "layout/inserted-in-used-space",
      slot: added.slot,
      offset: added.offset,
      label,
      old: entry,
      new: added,
      message: `${label} (${describePlace(added)}) lies where ${displayLabel(entry)} was`,
    }));
}

function orderFindings({ entries }: Layout): Explained[] {
  return entries.flatMap((entry, index): Explained[] => {
    const before = entries[index - 1];
    if (before === undefined) return [];
    const { slot, offset } = entry;
    const label = displayLabel(entry);
    const place = { slot, offset, label, new: entry };
    if (overlap(before, entry)) {
      const message = `${displayLabel(before)} and ${label} overlap at ${describePlace(entry)}`;
      return [{ code: "layout/overlap", ...place, message }];
    }
    if (bytePosition(entry) < bytePosition(before)) {
      const message = `${label} (${describePlace(entry)}) stands after ${displayLabel(before)} in the list, but before it in storage`;
      return [{ code: "layout/unsorted", ...place, message }];
    }
    return [];
  });
}
