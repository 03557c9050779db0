export { checkAddress } from "./address.js";
export type { Artifact, CodeReference, LinkReference } from "./artifact.js";
export type { DeployOptions } from "./constructor.js";
export { create2Address } from "./create2.js";
export { deployCode } from "./deploy.js";
export { type DeployedValues, readDeployed } from "./deployed.js";
export {
  assertCodeSize,
  assertExecutable,
  CODE_CHUNKS,
  codeChunks,
  codeDigest,
  MAX_CODE_BYTES,
} from "./digest.js";
export {
  type Instruction,
  instructionsOf,
  metadataOffset,
  OPCODES,
  operandBytes,
  runnableInstructions,
} from "./instructions.js";
export { linkArtifact } from "./link.js";
export { contractNames, parseArtifact } from "./parse.js";
export { bindPoint, evaluateCodePolynomial } from "./polynomial.js";
export { readArtifact } from "./read.js";
