export { type CeremonyCircuit, PRODUCT_CIRCUITS, sourceHashes } from "./circuits.js";
export {
  type Announcement,
  announcementHash,
  type CeremonyAttestation,
  type CeremonyRecord,
  parseAnnouncement,
  parseCeremonyAttestation,
  parseCeremonyRecord,
} from "./forms.js";
export {
  addKeys,
  findInstalledKeys,
  type InstalledKeys,
  installedKeys,
  openInstalledKeys,
} from "./installed-keys.js";
export { openKeyPackage } from "./key-package.js";
export { assertDeployable, keyClassOf, proveKeyPackage } from "./proven-class.js";
export { type CeremonyCheck, verifyCeremony } from "./verify.js";
