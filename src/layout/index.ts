export type { AnnotationSource } from "./annotations.js";
export {
  assertLayoutPreserved,
  compareLayouts,
  type LayoutComparison,
} from "./compare.js";
export {
  assertNoObjection,
  type ContractLayout,
  contractLayout,
  diffLayouts,
  type LayoutDiff,
  type OtherFinding,
  readContractLayout,
} from "./diff.js";
export {
  type Declaration,
  displayLabel,
  entryLimbs,
  type Layout,
  type LayoutEntry,
  type LayoutVariable,
  layoutEntry,
  layoutEntryDigest,
  layoutRoot,
  positionLimbs,
  regionSlot,
  slotBase,
} from "./entry.js";
export { type LayoutFile, layoutToJson, parseLayout } from "./file.js";
export { type LayoutChange, type LayoutFinding, type LayoutFindingCode, movedAlong } from "./finding.js";
export { canonicalLayout, type LayoutOptions, type LayoutSource, makeLayout } from "./layout.js";
export { namespaceRoot } from "./namespace-root.js";
export { meetsCircuit } from "./relations.js";
export { type LayoutRow, layoutRows } from "./rows.js";
export { unconfirmedNamespaces } from "./undigested.js";
export {
  assertLayoutsFit,
  type ChangedSideWitness,
  type ChangeWitness,
  LAYOUT_CAPACITY,
  type LayoutCapacity,
  type LayoutWitness,
  layoutWitness,
  type NewEntryWitness,
  type OldEntryWitness,
} from "./witness.js";
