export {
  type Attestation,
  type AuditorStatement,
  attest,
  attestationToJson,
  attestedMessage,
  type PlacedAttestation,
  parseAttestation,
  placeAttestations,
  verifyAttestation,
} from "./attestation.js";
export { AUDITOR_DEPTH, type AuditorKey, AuditorSet, newAuditorKey } from "./auditors.js";
export { assertPublicKey, derivePublicKey, type Point, type Signature } from "./curve.js";
export {
  type AuditorRegistration,
  assertRegistration,
  auditorRegistrationToJson,
  parseAuditorRegistration,
  registerAuditor,
} from "./registration.js";
