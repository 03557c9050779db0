import { type LayoutEntry, slotBase } from "./entry.js";

export type LayoutFindingCode =
  | "layout/moved"
  | "layout/resized"
  | "layout/retyped"
  | "layout/renamed"
  | "layout/deleted"
  | "layout/inserted-in-used-space"
  | "layout/overlap"
  | "layout/unsorted"
  | "layout/other-declarer"
  | "layout/namespace-elsewhere";

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
  /** What to change in the new contract. */
  readonly remedy: string;
}

/** Whether a finding is about what is inside of a variable and kept its place in it: the variable itself moved. */
export function movedAlong({ code, old, new: next }: LayoutFinding): boolean {
  if (code !== "layout/moved" || old?.inside === undefined || old.inside !== next?.inside) return false;
  return old.slot - slotBase(old) === next.slot - slotBase(next) && old.offset === next.offset;
}

/** A variable that stays, with another name or type that its new declaration explains. */
export interface LayoutChange {
  readonly old: LayoutEntry;
  readonly new: LayoutEntry;
}
