export {
  canonicalVectorSet,
  mergeVectorSets,
  parseVectorSet,
  vectorLabel,
  vectorSetToJSON,
} from "./canonical.js";
export { explainDifference } from "./difference.js";
export {
  incidentRoot,
  inputDigest,
  outcomeDigest,
  type ReportOutcomes,
  reportDigest,
  vectorLeaf,
  vectorRoot,
  vectorRootOf,
} from "./digest.js";
export { readVectorSet, writeVectorSet } from "./file.js";
export { type CallToRecord, type ExpectedCall, type RecordOptions, recordVector } from "./record.js";
export {
  assertReport,
  type BaselineResult,
  type IncidentResult,
  type Report,
  type ReportInputs,
  report,
} from "./report.js";
export { type RunProgress, runVector, runVectors, type UnlistedState, type VectorRun } from "./run.js";
export {
  DEFAULT_STEP_LIMIT,
  type Environment,
  type Expectation,
  HARDFORKS,
  type Hardfork,
  type Hex,
  IMPLEMENTATION_SLOT,
  type Outcome,
  VECTOR_LIMITS,
  type Vector,
  type VectorCall,
  type VectorSet,
} from "./schema.js";
export type { CodeUnderTest } from "./source.js";
