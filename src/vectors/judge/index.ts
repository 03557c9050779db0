export {
  COVERAGE_KINDS,
  type Coverage,
  type CoverageKind,
  type CoverageMinimum,
  coverageShortfalls,
  type FunctionCoverage,
  type MissingBranch,
  measureCoverage,
  percentage,
  type Reached,
} from "./coverage.js";
export { type Difference, differences, explainDifference, type OutcomeWords } from "./difference.js";
export { explainOutcome, type KnownCode } from "./explain.js";
export { type LintCodes, type LintFinding, type LintRule, lintVectors } from "./lint.js";
export {
  assertReport,
  type BaselineResult,
  type IncidentResult,
  type JudgedOutcome,
  type Report,
  type ReportInputs,
  report,
} from "./report.js";
export { assertResults, type BaselineDigests, type IncidentDigests } from "./rules.js";
export type { KnownVariable } from "./storage-names.js";
export { judgeSet, type SetVerdict, type VectorVerdict } from "./verdict.js";
