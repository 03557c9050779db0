export type { Hardfork } from "../../networks.js";
export {
  canonicalVectorSet,
  compare,
  mergeVectorSets,
  parseVectorSet,
  vectorLabel,
  vectorSetToJson,
} from "./canonical.js";
export { assertCapacity } from "./capacity.js";
export {
  baselinePart,
  codeDigestOf,
  type DigestedOutcome,
  incidentPart,
  incidentRoot,
  inputDigest,
  outcomeDigest,
  type ReportOutcomes,
  reportDigest,
  rootOfVectors,
  type VectorDigests,
  vectorDigests,
  vectorLeaf,
  vectorRoot,
} from "./digest.js";
export { readVectorSet, writeVectorSet } from "./file.js";
export { ADMIN_SLOT, BEACON_SLOT, IMPLEMENTATION_SLOT } from "./proxy-slots.js";
export {
  type CallOutcome,
  type ChangedAccount,
  type ChangedSlot,
  type CodePointer,
  DEFAULT_STEP_LIMIT,
  type Environment,
  type Expectation,
  type Hex,
  type Outcome,
  type SetKind,
  TREE_DEPTHS,
  VECTOR_LIMITS,
  type Vector,
  type VectorAccount,
  type VectorCall,
  type VectorLog,
  type VectorSet,
} from "./schema.js";
export {
  addVectors,
  assertNotEmpty,
  isIncident,
  removeVectors,
  type SetRoot,
  setKind,
  setRoot,
  withHardfork,
} from "./sets.js";
