import { SealpatchError } from "../errors.js";
import { bytePosition, describePlace, type Layout, type LayoutEntry, overlap } from "./entry.js";

export type LayoutFindingCode =
  | "layout/moved"
  | "layout/resized"
  | "layout/retyped"
  | "layout/renamed"
  | "layout/deleted"
  | "layout/inserted-in-used-space"
  | "layout/overlaps"
  | "layout/unsorted";

/** One reason why a new layout does not preserve an old one. */
export interface LayoutFinding {
  readonly code: LayoutFindingCode;
  /** Where the trouble is: the place in the old layout, or in the new one where only that is wrong. */
  readonly slot: bigint;
  readonly offset: number;
  readonly label: string;
  readonly old?: LayoutEntry;
  readonly new?: LayoutEntry;
  readonly message: string;
}

export interface LayoutComparison {
  readonly preserved: boolean;
  /** Empty exactly if `preserved`. */
  readonly findings: readonly LayoutFinding[];
}

/**
 * Compares by the rule that the `attest` circuit proves (protocol.md section 6): the new list is sorted, no two of its
 * entries overlap, and every old entry that is no gap stands in it unchanged. So all that is new lies in space that
 * was free or gap. The findings explain in terms of variables what breaks the rule.
 */
export function compareLayouts(old: Layout, next: Layout): LayoutComparison {
  const { lost, added } = unmatchedEntries(old, next);
  const matches = matchChanged(lost, added);
  const findings = [
    ...orderFindings(next),
    ...lost.flatMap((entry) => explainLoss(entry, matches.get(entry))),
    ...added.flatMap((entry) => explainIntrusion(entry, old, matches)),
  ];
  return { preserved: findings.length === 0, findings };
}

/**
 * @throws SealpatchError `layout/not-preserved`, whose message is the first finding, where `next` does not preserve `old`.
 */
export function assertLayoutPreserved(old: Layout, next: Layout): void {
  const { findings } = compareLayouts(old, next);
  const [first] = findings;
  if (first === undefined) return;
  throw new SealpatchError(
    "layout/not-preserved",
    `the new storage layout does not preserve the old: ${first.message}`,
    {
      details: { finding: first.code, label: first.label, slot: first.slot, findings: findings.length },
      why: findings.map(({ message }) => message).join("; "),
      remedy: "keep every variable where it was, and add new ones in gaps or at the end",
    },
  );
}

/**
 * For each entry of `next`, whether it is an unchanged variable of `old`: the keep bits of the circuit. Gaps are never
 * kept, because the old layout promises nothing about them.
 */
export function keptEntries(old: Layout, next: Layout): boolean[] {
  const open = new Map<string, number>();
  for (const key of old.entries.filter(({ gap }) => !gap).map(identity)) {
    open.set(key, (open.get(key) ?? 0) + 1);
  }
  return next.entries.map((entry) => {
    const key = identity(entry);
    const left = open.get(key) ?? 0;
    open.set(key, left - 1);
    return left > 0;
  });
}

/** Equal for two entries exactly if their digests are: all that the digest covers, without the cost of the hash. */
function identity({ gap, slot, offset, size, typeDigest, labelDigest }: LayoutEntry): string {
  return [gap, slot, offset, size, typeDigest, labelDigest].join();
}

function unmatchedEntries(old: Layout, next: Layout): { lost: LayoutEntry[]; added: LayoutEntry[] } {
  const kept = keptEntries(old, next);
  const unchanged = keptEntries(next, old);
  return {
    lost: old.entries.filter((entry, index) => !entry.gap && !unchanged[index]),
    added: next.entries.filter((_, index) => !kept[index]),
  };
}

/** Finds for each lost variable the new entry that it most likely became. */
function matchChanged(
  lost: readonly LayoutEntry[],
  added: readonly LayoutEntry[],
): Map<LayoutEntry, LayoutEntry> {
  const samePlace = (a: LayoutEntry, b: LayoutEntry) => bytePosition(a) === bytePosition(b);
  const likeness = [
    (a: LayoutEntry, b: LayoutEntry) => a.labelDigest === b.labelDigest && samePlace(a, b),
    (a: LayoutEntry, b: LayoutEntry) => a.labelDigest === b.labelDigest,
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

function explainLoss(old: LayoutEntry, match: LayoutEntry | undefined): LayoutFinding[] {
  const { slot, offset, label } = old;
  const place = { slot, offset, label, old };
  if (match === undefined) {
    const message = `${label} (${describePlace(old)}) is gone`;
    return [{ code: "layout/deleted", ...place, message }];
  }
  const finding = (code: LayoutFindingCode, message: string) => ({ code, ...place, new: match, message });
  if (match.labelDigest !== old.labelDigest) {
    const message = `${label} (${describePlace(old)}) is now called ${match.label}`;
    return [finding("layout/renamed", message)];
  }
  const findings: LayoutFinding[] = [];
  if (bytePosition(match) !== bytePosition(old)) {
    const message = `${label} moved from ${describePlace(old)} to ${describePlace(match)}`;
    findings.push(finding("layout/moved", message));
  }
  if (match.size !== old.size) {
    const message = `${label} (${describePlace(old)}) has ${match.size} bytes in place of ${old.size}`;
    findings.push(finding("layout/resized", message));
  } else if (match.typeDigest !== old.typeDigest) {
    const message = `${label} (${describePlace(old)}) was ${old.type} and is ${match.type}`;
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
): LayoutFinding[] {
  return old.entries
    .filter((entry) => !entry.gap && matches.get(entry) !== added && overlap(entry, added))
    .map((entry) => ({
      code: "layout/inserted-in-used-space",
      slot: added.slot,
      offset: added.offset,
      label: added.label,
      old: entry,
      new: added,
      message: `${added.label} (${describePlace(added)}) lies where ${entry.label} was`,
    }));
}

function orderFindings({ entries }: Layout): LayoutFinding[] {
  return entries.flatMap((entry, index): LayoutFinding[] => {
    const before = entries[index - 1];
    if (before === undefined) return [];
    const { slot, offset, label } = entry;
    const place = { slot, offset, label, new: entry };
    if (overlap(before, entry)) {
      const message = `${before.label} and ${label} overlap at ${describePlace(entry)}`;
      return [{ code: "layout/overlaps", ...place, message }];
    }
    if (bytePosition(entry) < bytePosition(before)) {
      const message = `${label} (${describePlace(entry)}) stands after ${before.label} in the list, but before it in storage`;
      return [{ code: "layout/unsorted", ...place, message }];
    }
    return [];
  });
}
