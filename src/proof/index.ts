export {
  type AttestWitness,
  attestInput,
  attestInputUnchecked,
  type BaselineResult,
  type CircuitInput,
  type IncidentResult,
  reportDigestOf,
  rootOfVectors,
} from "./attest.js";
export { type BindWitness, bindInput, bindInputUnchecked } from "./bind.js";
export { ATTEST_PARAMETERS, type AttestParameters } from "./parameters.js";
export { type AttestStatement, attestSignals, type BindStatement, bindSignals } from "./statement.js";
