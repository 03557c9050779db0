export {
  type AttestClaim,
  type AttestWitness,
  attestInput,
  attestInputUnchecked,
} from "./attest.js";
export { type BindWitness, bindInput, bindInputUnchecked } from "./bind.js";
export { buildCircuit, CIRCUIT_NAMES, type CircuitBuild, circuitSource, circuitSources } from "./circuits.js";
export {
  type DevelopmentKey,
  type MakeKeysOptions,
  makeDevelopmentKeys,
  STAGE_SECONDS,
  writableHome,
} from "./development-keys.js";
export { disclosureOf } from "./disclosure.js";
export { attestProofToJson, bindProofToJson, parseAttestProof, parseBindProof } from "./file.js";
export {
  type BeaconAnswer,
  type BeaconChain,
  beaconRandomness,
  beaconTime,
  checkInitialKey,
  checkKey,
  checkPowersOfTau,
  checkSuccessor,
  type PinnedPowers,
  type PowersOfTau,
  parseBeaconAnswer,
  pinnedPowersOfTau,
  preparedBytes,
  QUICKNET,
  readPowersOfTau,
} from "./keys/ceremony/index.js";
export {
  type KeyClass,
  type KeyFiles,
  type OnProgress,
  type Progress,
  parseVerifyingKey,
  type VerifyingKey,
} from "./keys/index.js";
export { layoutInput } from "./layout.js";
export { ATTEST_PARAMETERS, type AttestParameters } from "./parameters.js";
export {
  attestStatementOf,
  bindStatementOf,
  type PreparedPatch,
  type Proven,
  type ProvenPatch,
  type ProveOptions,
  proveAttest,
  proveBind,
  verifyAttest,
  verifyAttestByKeyFile,
  verifyBind,
} from "./prove.js";
export {
  type CircuitInput,
  findProver,
  type Groth16Proof,
  type OnPart,
  type OpenProver,
  openProver,
  type PartName,
  type ProofPart,
  type ProveRequest,
  type ProveResult,
  type Prover,
  parseProof,
  rapidsnarkProver,
  type SignalValue,
  type SolidityProof,
  toSolidityProof,
  wasmProver,
} from "./prover/index.js";
export { type AttestStatement, attestSignals, type BindStatement, bindSignals } from "./statement.js";
