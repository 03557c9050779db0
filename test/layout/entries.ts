import { type Layout, type LayoutEntry, type LayoutVariable, layoutEntry } from "../../src/layout/index.js";

const named = new Map<string, LayoutEntry>();

/** An entry of which the test gives what matters to it. Its place is not checked; each name and type is hashed once. */
export function entry(given: Partial<LayoutVariable> & { slot: bigint }): LayoutEntry {
  const variable: LayoutVariable = {
    offset: 0,
    size: 32,
    label: `x${given.slot}`,
    type: "uint256",
    gap: false,
    ...given,
  };
  const { label, type, renamedFrom, retypedFrom } = variable;
  const told = {
    label,
    type,
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    ...(retypedFrom === undefined ? {} : { retypedFrom }),
  };
  const key = JSON.stringify(told);
  const known = named.get(key) ?? layoutEntry({ slot: 0n, offset: 0, size: 1, gap: false, ...told });
  named.set(key, known);
  return { ...known, ...variable };
}

/** A layout in exactly this order, right or wrong. */
export function listed(...entries: LayoutEntry[]): Layout {
  return { entries };
}
