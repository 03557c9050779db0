export {
  type AccountState,
  bytecode,
  EMPTY_ACCOUNT,
  isEmptyAccount,
  NO_CODE,
  type StateSource,
} from "./account.js";
export { loadEvm } from "./evm.js";
export { runSequence, runVector, type UnlistedState, type VectorRun, type VectorRunOptions } from "./run.js";
export { type RunOptions, runSets, runVectors } from "./run-sets.js";
export {
  type CodePlace,
  type CodeUnderTest,
  type Migration,
  normalizeCode,
  type Sequence,
  withCodeUnderTest,
} from "./source.js";
export type { SequenceState } from "./state.js";
export type { ExecutionStep, StepObserver } from "./steps.js";
export type { RunProgress, SetRun } from "./tasks.js";
export { TouchedState } from "./touched.js";
