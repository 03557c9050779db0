export { type BuiltKey, buildDevelopmentKey, VERIFIERS } from "./build-development-key.js";
export { checkVerifyingKey } from "./check-verifying-key.js";
export {
  blake2b,
  type Contribution,
  type Contributions,
  hashToG2,
  readContributions,
  seedOf,
} from "./contributions.js";
export { makeDevelopmentKey, verifyDevelopmentKey } from "./development-key.js";
export { keyFingerprint } from "./fingerprint.js";
export {
  assertDeployable,
  isDevelopmentKey,
  type KeyMarker,
  readKeyMarker,
} from "./marker.js";
export type { OnProgress, Progress } from "./progress.js";
export { SectionFile, uint256, unreadable } from "./section-file.js";
export { checkVerifierContract, exportVerifierContract } from "./verifier-contract.js";
export {
  exportVerifyingKey,
  type PointG1,
  type PointG2,
  parseVerifyingKey,
  pointSchemas,
  type VerifyingKey,
} from "./verifying-key.js";
export {
  BASE_FIELD_ORDER,
  FIELD_BYTES,
  G1_BYTES,
  G2_BYTES,
  openZkey,
  type ProvingKey,
  readZkeyHeader,
  type ZkeyHeader,
} from "./zkey-format.js";
