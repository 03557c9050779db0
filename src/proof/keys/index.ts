export { BASE_FIELD_ORDER } from "../arithmetic/index.js";
export { type BuiltKey, buildDevelopmentKey } from "./build-development-key.js";
export type { KeyFiles } from "./ceremony/index.js";
export { checkElements, checkVerifyingKey } from "./check-verifying-key.js";
export { checkedProvingKey, checkedVerifyingKey, readVerifyingKey, verifyingKeyOf } from "./circuit-key.js";
export { type Contribution, type Contributions, readContributions } from "./contributions.js";
export { makeDevelopmentKey, verifyDevelopmentKey } from "./development-key.js";
export { assertFingerprint, fingerprintOf, keyFingerprint } from "./fingerprint.js";
export { chainsOf, hasPublishedAlpha, isDevelopmentKey, type KeyClass } from "./key-class.js";
export type { OnProgress, Progress } from "./progress.js";
export { R1csFile } from "./r1cs.js";
export { unreadable } from "./section-file.js";
export { setupHashOf } from "./setup-hash.js";
export {
  exportVerifierContract,
  hasConstantsOf,
  VERIFIER_ERRORS,
  VERIFIERS,
  verifierInput,
} from "./verifier-contract.js";
export {
  exportVerifyingKey,
  type PointG1,
  type PointG2,
  parseVerifyingKey,
  pointSchemas,
  readVerifyingElements,
  type VerifyingElements,
  type VerifyingKey,
  verifyingElementsSchema,
} from "./verifying-key.js";
export {
  COEFFICIENT_BYTES,
  domainPower,
  FIELD_BYTES,
  openZkey,
  type PointSection,
  type ProvingKey,
  readZkeyHeader,
  type ZkeyHeader,
} from "./zkey-format.js";
