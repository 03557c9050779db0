export { applyBeacon } from "./apply-beacon.js";
export type { CeremonyCheck } from "./checks.js";
export { type CeremonyCircuit, PRODUCT_CIRCUITS, sourceHashes } from "./circuits.js";
export { type Contributed, type ContributeOptions, contribute } from "./contribute.js";
export { entropyOfDice, entropyOfFile } from "./entropy.js";
export { finalizeCeremony } from "./finalize.js";
export {
  type Announcement,
  announcementHash,
  type CeremonyAttestation,
  type CeremonyRecord,
  parseAnnouncement,
  parseCeremonyAttestation,
  parseCeremonyRecord,
} from "./forms.js";
export { beginCeremony, type InitOptions, MINIMUM_CONTRIBUTIONS } from "./init.js";
export {
  addKeys,
  findInstalledKeys,
  type InstalledKeys,
  installedKeys,
  openInstalledKeys,
} from "./installed-keys.js";
export { openKeyPackage } from "./key-package.js";
export { assertDeployable, keyClassOf, proveKeyPackage } from "./proven-class.js";
export { receiveContribution } from "./receive.js";
export type { Room, StepListeners } from "./room.js";
export {
  type CeremonyClass,
  type VerifiedCeremony,
  type VerifyOptions,
  verifyCeremony,
} from "./verify.js";
