export {
  canonicalVectorSet,
  mergeVectorSets,
  parseVectorSet,
  vectorLabel,
  vectorSetToJSON,
} from "./format/canonical.js";
export {
  incidentRoot,
  inputDigest,
  outcomeDigest,
  type ReportOutcomes,
  reportDigest,
  vectorLeaf,
  vectorRoot,
  vectorRootOf,
} from "./format/digest.js";
export { readVectorSet, writeVectorSet } from "./format/file.js";
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
} from "./format/schema.js";
export {
  addVectors,
  isIncident,
  removeVectors,
  type SetKind,
  type SetRoot,
  setKind,
  setRoot,
  withHardfork,
} from "./format/sets.js";
export {
  COVERAGE_KINDS,
  type Coverage,
  type CoverageKind,
  type CoverageMinimum,
  coverageShortfalls,
  measureCoverage,
  percentage,
  type Reached,
} from "./judge/coverage.js";
export { type Difference, differences, explainDifference } from "./judge/difference.js";
export { explainOutcome, type KnownCode } from "./judge/explain.js";
export { type LintFinding, type LintRule, lintVectors } from "./judge/lint.js";
export {
  assertReport,
  type BaselineResult,
  type IncidentResult,
  type Report,
  type ReportInputs,
  report,
} from "./judge/report.js";
export type { KnownVariable } from "./judge/storage-names.js";
export { judgeSet, type SetVerdict, type VectorVerdict } from "./judge/verdict.js";
export { type CallToRecord, type ExpectedCall, type RecordOptions, recordVector } from "./record/record.js";
export { type FoundryTests, recordFoundry } from "./record/record-foundry.js";
export { recordTransaction, type TransactionToRecord } from "./record/record-transaction.js";
export { runVector, type UnlistedState, type VectorRun } from "./run/run.js";
export { type RunOptions, type RunProgress, runSets, runVectors, type SetRun } from "./run/run-sets.js";
export type { CodeUnderTest } from "./run/source.js";
