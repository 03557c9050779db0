export { withCurve } from "../curve/index.js";
export { type BuiltKey, buildDevelopmentKey } from "./build-development-key.js";
export { checkVerifyingKey } from "./check-verifying-key.js";
export { checkedProvingKey, checkedVerifyingKey } from "./circuit-key.js";
export { type Contribution, type Contributions, readContributions } from "./contributions.js";
export { makeDevelopmentKey, verifyDevelopmentKey } from "./development-key.js";
export { assertFingerprint, keyFingerprint } from "./fingerprint.js";
export {
  assertDeployable,
  isDevelopmentKey,
  type KeyMarker,
  readKeyMarker,
} from "./marker.js";
export type { OnProgress, Progress } from "./progress.js";
export { R1csFile } from "./r1cs.js";
export { unreadable } from "./section-file.js";
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
  domainPower,
  FIELD_BYTES,
  openZkey,
  type ProvingKey,
  readZkeyHeader,
  type ZkeyHeader,
} from "./zkey-format.js";
