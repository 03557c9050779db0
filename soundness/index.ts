export { type CompiledCircuit, compileCircuit } from "./compile.js";
export { unconstrainedPublicSignals, violatedConstraints } from "./constraints.js";
export { checkDeterminism, type Determinism } from "./determinism.js";
export { SoundnessError } from "./errors.js";
export { Judge } from "./judge.js";
export { type Equality, equalityGroup, equalityName, LaxTwin, type Lie } from "./lax.js";
export { type HintMutation, mutateHints } from "./mutation.js";
export { type R1cs, readR1cs } from "./r1cs.js";
export {
  type CircuitReport,
  type CircuitUnderCheck,
  checkCircuit,
  checkSources,
  type SourcesReport,
} from "./report.js";
export { readSymbols } from "./sym.js";
export { buildTwins, type LoadedCircuit, loadCircuit, type Twins } from "./twins.js";
export { type CircuitInput, WitnessCalculator } from "./witness.js";
