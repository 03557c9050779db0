import { namespaceId } from "./annotations.js";
import { describePlace, displayLabel, type Layout, type LayoutEntry, namespaceOf } from "./entry.js";
import type { LayoutChange, LayoutFinding } from "./finding.js";
import { namespaceRoot } from "./namespace-root.js";

/**
 * What no digest covers, so that the circuit cannot see it: who declares the first of equal names, and where the code
 * itself has its namespaces.
 */

const SIDES = ["old", "new"] as const;

type UndigestedFinding = Omit<LayoutFinding, "remedy">;

/**
 * Variables that pass for another of their name: of the first of equal names, the digest covers the name alone. Where the
 * new layout has the name more than once, the same contract must declare it as before.
 * @param kept the variables of the old layout that are in the new one, changed or not.
 */
export function declarerFindings(kept: readonly LayoutChange[], next: Layout): UndigestedFinding[] {
  const variables = next.entries.filter((entry) => isStateVariable(entry) && !entry.gap);
  return kept.flatMap(({ old, new: found }): UndigestedFinding[] => {
    const name = old.label;
    if (!isStateVariable(old) || name.includes(".")) return [];
    const rivals = variables.filter(
      (entry) =>
        entry !== found &&
        [entry.label, entry.renamedFrom ?? entry.label].some((label) => bare(label) === name),
    );
    // Layouts without trees name no contract, and hold no equal names.
    if (rivals.length === 0 || old.contract === found.contract) return [];
    const [before, after] = [old.contract, found.contract].map(
      (contract) => contract ?? "a contract that is not told",
    );
    const message =
      `${name} (${describePlace(old)}) was declared by ${before} and is declared by ${after}, and ` +
      `${rivals.map(displayLabel).join(", ")} has its name too`;
    const { slot, offset } = old;
    return [{ code: "layout/other-declarer", slot, offset, label: name, old, new: found, message }];
  });
}

/** Namespaces that the code has elsewhere than where their annotation says, on either side. */
export function namespaceFindings(layouts: Readonly<Record<"old" | "new", Layout>>): UndigestedFinding[] {
  return SIDES.flatMap((side) =>
    namespacesOf(layouts[side]).flatMap(({ location, entry }): UndigestedFinding[] => {
      const slot = namespaceRoot(namespaceId(location));
      const { codeSlot } = entry;
      if (codeSlot === undefined || codeSlot === slot) return [];
      const place = { slot, offset: 0, label: location, [side]: entry };
      const message = `${location} is at slot ${hex(slot)} by its annotation, and the ${side} code has it at slot ${hex(codeSlot)}`;
      return [{ code: "layout/namespace-elsewhere", ...place, message }];
    }),
  );
}

/** Namespaces of which no constant in the code tells the slot, so that their annotation alone says where they lie. */
export function unconfirmedNamespaces(
  layouts: Readonly<Record<"old" | "new", Layout>>,
): Pick<LayoutFinding, "slot" | "offset" | "label" | "message" | "remedy">[] {
  return SIDES.flatMap((side) =>
    namespacesOf(layouts[side]).flatMap(({ location, entry }) => {
      if (entry.codeSlot !== undefined) return [];
      const slot = namespaceRoot(namespaceId(location));
      const message = `no constant in the ${side} code tells the slot of ${location}: its annotation alone says where it lies`;
      const remedy = `check that the code has it at ${hex(slot)}; a constant with that value would tell`;
      return [{ slot, offset: 0, label: location, message, remedy }];
    }),
  );
}

function namespacesOf({ entries }: Layout): { location: string; entry: LayoutEntry }[] {
  const members = entries.flatMap((entry) => {
    const location = namespaceOf(entry);
    return location === undefined ? [] : [[location, entry] as const];
  });
  const first = new Map(members.toReversed());
  return [...first].map(([location, entry]) => ({ location, entry })).toReversed();
}

function isStateVariable(entry: LayoutEntry): boolean {
  return entry.inside === undefined && namespaceOf(entry) === undefined;
}

/** The name that the declaration gives: labels of later ones of equal names begin with a contract. */
function bare(label: string): string {
  return label.slice(label.lastIndexOf(".") + 1);
}

function hex(slot: bigint): string {
  return `0x${slot.toString(16)}`;
}
