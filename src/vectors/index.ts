export {
  canonicalVectorSet,
  mergeVectorSets,
  parseVectorSet,
  vectorLabel,
  vectorSetToJSON,
} from "./canonical.js";
export {
  COVERAGE_KINDS,
  type Coverage,
  type CoverageKind,
  type CoverageMinimum,
  coverageShortfalls,
  measureCoverage,
  percentage,
  type Reached,
} from "./coverage.js";
export { type Difference, differences, explainDifference } from "./difference.js";
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
export { explainOutcome, type KnownCode } from "./explain.js";
export { readVectorSet, writeVectorSet } from "./file.js";
export { type LintFinding, type LintRule, lintVectors } from "./lint.js";
export { type CallToRecord, type ExpectedCall, type RecordOptions, recordVector } from "./record.js";
export { type FoundryTests, recordFoundry } from "./record-foundry.js";
export { recordTransaction, type TransactionToRecord } from "./record-transaction.js";
export {
  assertReport,
  type BaselineResult,
  type IncidentResult,
  type Report,
  type ReportInputs,
  report,
} from "./report.js";
export { runVector, type UnlistedState, type VectorRun } from "./run.js";
export { type RunOptions, type RunProgress, runSets, runVectors, type SetRun } from "./runSets.js";
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
export {
  addVectors,
  isIncident,
  removeVectors,
  type SetKind,
  type SetRoot,
  setKind,
  setRoot,
  withHardfork,
} from "./sets.js";
export type { CodeUnderTest } from "./source.js";
export type { KnownVariable } from "./storageNames.js";
export { judgeSet, type SetVerdict, type VectorVerdict } from "./verdict.js";
