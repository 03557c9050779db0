export { readAccount } from "./account.js";
export { decryptKeystore, type EncryptOptions, encryptKeystore, MIN_PASSPHRASE } from "./cipher.js";
export { assertNoKeystore, readKeystore, writeKeystore } from "./file.js";
export {
  type AuditorKeystore,
  auditorRegistration,
  type CouncilKeystore,
  type Keystore,
  newAuditorKeystore,
  newCouncilKeystore,
  ofRole,
  wipeKeystore,
} from "./keystore.js";
export {
  type CouncilMember,
  councilMember,
  councilMemberToJson,
  parseCouncilMember,
} from "./member.js";
