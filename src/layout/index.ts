export {
  assertLayoutPreserved,
  compareLayouts,
  keptEntries,
  type LayoutComparison,
  type LayoutFinding,
  type LayoutFindingCode,
} from "./compare.js";
export {
  type Layout,
  type LayoutEntry,
  type LayoutVariable,
  layoutEntry,
  layoutEntryDigest,
  layoutRoot,
  packedLimbs,
  positionLimbs,
} from "./entry.js";
export { type LayoutFile, layoutFromFile, layoutToFile } from "./file.js";
export { canonicalLayout, type LayoutOptions, type LayoutSource, makeLayout } from "./layout.js";
export { namespaceRoot } from "./namespaces.js";
export {
  LAYOUT_CAPACITY,
  type LayoutWitness,
  layoutWitness,
  type NewEntryWitness,
  type OldEntryWitness,
} from "./witness.js";
