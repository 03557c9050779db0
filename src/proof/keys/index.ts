export { type BuiltKey, buildDevelopmentKey } from "./build-development-key.js";
export { checkVerifyingKey } from "./check-verifying-key.js";
export { checkedProvingKey, checkedVerifyingKey } from "./circuit-key.js";
export {
  blake2b,
  type Contribution,
  type Contributions,
  hashToG2,
  pointBytes,
  readContributions,
  seedOf,
} from "./contributions.js";
export { makeDevelopmentKey, verifyDevelopmentKey } from "./development-key.js";
export { assertFingerprint, keyFingerprint } from "./fingerprint.js";
export {
  assertDeployable,
  isDevelopmentKey,
  type KeyMarker,
  readKeyMarker,
} from "./marker.js";
export type { OnProgress, Progress } from "./progress.js";
export { R1csFile, type R1csHeader, TERM_BYTES } from "./r1cs.js";
export { SCALAR_BYTES, ScalarMemory } from "./scalar-memory.js";
export { SectionFile, uint256, unreadable } from "./section-file.js";
export { exportVerifierContract, VERIFIERS, verifierInput } from "./verifier-contract.js";
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
  COEFFICIENT_BYTES,
  domainPower,
  FIELD_BYTES,
  G1_BYTES,
  G2_BYTES,
  isReduced,
  keyHeader,
  openZkey,
  type ProvingKey,
  readZkeyHeader,
  ZKEY_SECTIONS,
  type ZkeyHeader,
} from "./zkey-format.js";
