export { type ExecutionStep, SequenceMachine } from "./machine.js";
export { runSequence, runVector, type Sequence, type UnlistedState, type VectorRun } from "./run.js";
export { type RunOptions, runSets, runVectors } from "./run-sets.js";
export { type CodePlace, type CodeUnderTest, normalizeCode, withCodeUnderTest } from "./source.js";
export {
  type AccountState,
  bytecode,
  EMPTY_ACCOUNT,
  isEmptyAccount,
  NO_CODE,
  SequenceState,
  type StateSource,
} from "./state.js";
export type { RunProgress, SetRun } from "./tasks.js";
export { TouchedState } from "./touched.js";
