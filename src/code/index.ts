export type { Artifact, CodeReference, LinkReference } from "./artifact.js";
export {
  compileStandardJson,
  SOLC_VERSION,
  type StandardInput,
  type StandardOutput,
  standardInputSchema,
} from "./compile.js";
export { create2Address } from "./create2.js";
export { type DeployOptions, deployCode } from "./deploy.js";
export { assertCodeSize, CODE_CHUNKS, codeChunks, codeDigest, MAX_CODE_BYTES } from "./digest.js";
export { linkArtifact } from "./link.js";
export { parseArtifact } from "./parse.js";
export { bindPoint, evaluateCodePolynomial } from "./polynomial.js";
export { readArtifact } from "./read.js";
export { type CollectedSources, collectSources } from "./sources.js";
