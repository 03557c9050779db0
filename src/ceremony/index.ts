export { type CeremonyCircuit, PRODUCT_CIRCUITS } from "./circuits.js";
export {
  type Announcement,
  announcementHash,
  type CeremonyAttestation,
  type CeremonyRecord,
  parseAnnouncement,
  parseCeremonyAttestation,
  parseCeremonyRecord,
} from "./forms.js";
