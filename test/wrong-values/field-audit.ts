import * as audit from "../../src/audit/index.js";
import * as field from "../../src/field/index.js";
import { BYTES, FIELD, HASH, members, type Row } from "./row.js";
import { ATTESTATION, AUDITORS, KEY, POINT, STATEMENT } from "./samples.js";
import { NO_BYTES, NO_COUNT, NO_ELEMENT, NO_HASH, NO_KEY, noUint } from "./values.js";

const NAMES = { label: "first", recipient: `age1${"q".repeat(58)}` };
const REGISTRATION = audit.registerAuditor(KEY, NAMES);
const NO_NAME: readonly unknown[] = [...["", " ", "a\n"], 1, 1n, null, undefined, {}, [], true];

/** What the functions of these rooms refuse. */
export const FIELD_AND_AUDIT_ROWS: readonly Row[] = [
  ["assertField", (value) => field.assertField(value, "it"), NO_ELEMENT, FIELD],
  ["assertBytes", (value) => field.assertBytes(value, "it"), NO_BYTES, BYTES],
  ["assertHash", (value) => field.assertHash(value, "it"), NO_HASH, HASH],
  ["wordLimbs", (value) => field.wordLimbs(value), noUint(256), "field/word-out-of-range"],
  ["bytesToBigInt", (value) => field.bytesToBigInt(value), NO_BYTES, BYTES],
  ["chunkBytes", (value) => field.chunkBytes(value), NO_BYTES, BYTES],
  ["keccak248", (value) => field.keccak248(value), NO_BYTES, BYTES],
  ["poseidon", (value) => field.poseidon([1n, value]), NO_ELEMENT, FIELD],
  ["sponge: domain", (value) => field.sponge(value, [1n]), NO_ELEMENT, FIELD],
  ["sponge: element", (value) => field.sponge(1n, [1n, value]), NO_ELEMENT, FIELD],
  ["spongeBytes", (value) => field.spongeBytes(1n, value), NO_BYTES, BYTES],
  [
    "tag",
    (value) => field.tag(value),
    ["", "x".repeat(32), "ä", 1, null, undefined, {}],
    "field/malformed-tag",
  ],
  ["MerkleTree: leaf", (value) => new field.MerkleTree(0, [value]), NO_ELEMENT, FIELD],
  [
    "MerkleTree: depth",
    (value) => new field.MerkleTree(value, [1n]),
    [...NO_COUNT, 31, 1n],
    "merkle/out-of-range",
  ],
  ["MerkleTree: index", (value) => AUDITORS.tree.path(value), [...NO_COUNT, 32, 1n], "merkle/out-of-range"],

  ["derivePublicKey", (value) => audit.derivePublicKey(value), NO_KEY, "audit/invalid-private-key"],
  ["attest: key", (value) => audit.attest(value, STATEMENT), NO_KEY, "audit/invalid-private-key"],
  ...members(
    "attest",
    STATEMENT,
    (it) => audit.attest(KEY, it),
    ["commitment", "reportDigest"],
    NO_ELEMENT,
    FIELD,
  ),
  ...members("attestedMessage", STATEMENT, audit.attestedMessage, ["targetsRoot"], NO_ELEMENT, FIELD),
  ...members(
    "verifyAttestation",
    STATEMENT,
    (it) => audit.verifyAttestation(ATTESTATION, it),
    ["vectorRoot"],
    NO_ELEMENT,
    FIELD,
  ),
  ...members(
    "attestationToJson",
    ATTESTATION.signature,
    (signature) => audit.attestationToJson({ ...ATTESTATION, signature }),
    ["S"],
    [...NO_ELEMENT, 2736030358979909402780800718157159386076813972158567259200215660948447373041n],
    "audit/malformed-attestation",
  ),
  [
    "registerAuditor: key",
    (value) => audit.registerAuditor(value, NAMES),
    NO_KEY,
    "audit/invalid-private-key",
  ],
  ...members(
    "registerAuditor",
    NAMES,
    (it) => audit.registerAuditor(KEY, it),
    ["label", "recipient"],
    NO_NAME,
    "audit/malformed-registration",
  ),
  ...members(
    "assertRegistration",
    REGISTRATION,
    audit.assertRegistration,
    ["publicKey"],
    [[], [POINT[0]], "11", null, undefined, {}, 1n],
    "audit/invalid-key",
  ),
  ...members(
    "auditorRegistrationToJson",
    REGISTRATION,
    audit.auditorRegistrationToJson,
    ["label", "recipient"],
    NO_NAME,
    "audit/malformed-registration",
  ),
  [
    "attestationToJson: publicKey",
    (value) => audit.attestationToJson({ ...ATTESTATION, publicKey: [value, POINT[1]] }),
    NO_ELEMENT,
    "audit/malformed-attestation",
  ],
  [
    "assertPublicKey: x",
    (value) => audit.assertPublicKey([value, POINT[1]]),
    NO_ELEMENT,
    "audit/invalid-key",
  ],
  [
    "assertPublicKey",
    (value) => audit.assertPublicKey(value),
    [[], [POINT[0]], [...POINT, 1n], "11", null, undefined, {}, 1n],
    "audit/invalid-key",
  ],
  ["AuditorSet: y", (value) => new audit.AuditorSet([[POINT[0], value]]), NO_ELEMENT, "audit/invalid-key"],
  [
    "AuditorSet",
    (value) => new audit.AuditorSet(value),
    [[], "", "1", {}, 1, null, undefined],
    "audit/empty-set",
  ],
  [
    "placeAttestations: threshold",
    (threshold) =>
      audit.placeAttestations({
        attestations: [ATTESTATION],
        statement: STATEMENT,
        auditors: AUDITORS,
        threshold,
      }),
    [...NO_COUNT, 0, 0n, -1n, undefined],
    "audit/threshold-out-of-range",
  ],
];
