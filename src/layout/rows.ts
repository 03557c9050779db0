import { onOneLine } from "../foreign-text.js";
import { displayLabel, type Layout, type LayoutEntry, slotBase } from "./entry.js";

/** An entry of a layout in words, each on one line: labels hold what annotations say. */
export interface LayoutRow {
  /** Counted from its region where it is inside of a variable or a namespace: `+2`. */
  readonly slot: string;
  readonly offset: string;
  readonly size: string;
  readonly name: string;
  readonly type: string;
  readonly isGap: boolean;
  readonly entry: LayoutEntry;
}

/** A layout as a table, in the order in which people look for things: what is inside of a variable comes after it. */
export function layoutRows({ entries }: Pick<Layout, "entries">): LayoutRow[] {
  return nested(entries).map((entry) => ({
    slot: slotText(entry),
    offset: String(entry.offset),
    size: String(entry.size),
    name: `${onOneLine(displayLabel(entry))}${entry.gap ? " (gap)" : ""}`,
    type: onOneLine(pastText(entry)),
    isGap: entry.gap,
    entry,
  }));
}

function nested(entries: readonly LayoutEntry[]): LayoutEntry[] {
  const children = new Map<string | undefined, LayoutEntry[]>();
  for (const entry of entries) children.set(entry.inside, [...(children.get(entry.inside) ?? []), entry]);
  const take = (inside: string | undefined): LayoutEntry[] => {
    const found = children.get(inside) ?? [];
    // Variables of one name, private to two bases, share what is listed after the first.
    children.delete(inside);
    return found.flatMap((entry) => [entry, ...take(displayLabel(entry))]);
  };
  return take(undefined);
}

/** What is inside of a variable, and a namespace, stand in regions of their own: slots count from there. */
function slotText(entry: LayoutEntry): string {
  const base = slotBase(entry);
  const number = entry.slot - base;
  const text = number < 1n << 64n ? number.toString() : `0x${number.toString(16).slice(0, 6)}..`;
  return base === 0n ? text : `+${text}`;
}

function pastText({ type, renamedFrom, retypedFrom }: LayoutEntry): string {
  const past = [
    ...(renamedFrom === undefined ? [] : [`was called ${renamedFrom}`]),
    ...(retypedFrom === undefined ? [] : [`was ${retypedFrom}`]),
  ];
  return past.length === 0 ? type : `${type} (${past.join(", ")})`;
}
