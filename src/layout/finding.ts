import type { LayoutEntry } from "./entry.js";

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
}

/** A variable that stays, with another name or type that its new declaration explains. */
export interface LayoutChange {
  readonly old: LayoutEntry;
  readonly new: LayoutEntry;
}
