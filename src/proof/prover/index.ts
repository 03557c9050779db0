export { findProver, openProver } from "./find-prover.js";
export { forgeWhereDeltaIsGamma } from "./forgery.js";
export { proofHolds } from "./groth16.js";
export type { OnPart, PartName, ProofPart } from "./parts.js";
export {
  type CircuitInput,
  type Groth16Proof,
  type ProveRequest,
  type ProveResult,
  type Prover,
  parseProof,
  proofSchema,
  type SignalValue,
} from "./proof.js";
export { rapidsnarkProver } from "./rapidsnark-prover.js";
export {
  fromSolidityProof,
  inSnarkjsForm,
  inSolidityForm,
  type SolidityProof,
  toSolidityProof,
} from "./solidity.js";
export { verifyProof } from "./verify.js";
export { type OpenProver, openWasmProver, wasmProver } from "./wasm-prover.js";
export { calculateWitness, witnessScalars } from "./witness.js";
