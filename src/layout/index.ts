export {
  assertLayoutPreserved,
  compareLayouts,
  type LayoutChange,
  type LayoutComparison,
  type LayoutFinding,
  type LayoutFindingCode,
} from "./compare.js";
export {
  type ContractLayout,
  contractLayout,
  diffLayouts,
  type LayoutDiff,
  type OtherFinding,
  readContractLayout,
} from "./diff.js";
export {
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
} from "./entry.js";
export { type LayoutFile, layoutToJson, parseLayout } from "./file.js";
export { canonicalLayout, type LayoutOptions, type LayoutSource, makeLayout } from "./layout.js";
export { namespaceRoot } from "./namespaces.js";
export { meetsCircuit } from "./relations.js";
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
