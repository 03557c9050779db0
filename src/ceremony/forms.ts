import { createHash } from "node:crypto";
import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { isContributorName } from "./names.js";

/*
 * The three texts of a ceremony. The announcement is made before the first contribution and never changes: each attestation holds its
 * hash. An attestation is what a contributor publishes. The record is all of them together, with the hashes of the keys that came out.
 */

/** Contributions that a ceremony takes at most, the beacon not counted. */
export const MAXIMUM_CONTRIBUTIONS = 1000;

const sha256 = lazily(() => zod.string().regex(/^[0-9a-f]{64}$/));
const blake2b512 = lazily(() => zod.string().regex(/^[0-9a-f]{128}$/));
/** Name of a circuit: it is a file's name, too. */
const circuitName = lazily(() => zod.string().regex(/^[a-z][a-z0-9-]{0,31}$/));
const seconds = lazily(() =>
  zod
    .int()
    .min(1)
    .max(2 ** 40),
);
const versions = lazily(() => zod.record(zod.string().max(40), zod.string().max(40)));

/** Circuits by their names, at least one. */
function byCircuit<Value extends z.ZodType>(value: Value) {
  return zod
    .record(circuitName(), value)
    .refine((record) => Object.keys(record).length > 0, { message: "no circuit" });
}

const announcementForm = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.ceremony-announcement/1"),
    circuits: byCircuit(
      zod.strictObject({
        /** Source with a `main`, below the package's root. */
        source: zod.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)*\.circom$/),
        /** SHA-256 of it and of everything that it includes, by their names. */
        sources: zod.record(zod.string().max(200), sha256()),
        verifier: zod.string().regex(/^[A-Z][A-Za-z0-9_]{0,63}$/),
        constraints: zod.int().positive(),
        /** log2 of the evaluation domain. */
        power: zod.int().min(1).max(28),
        r1cs: sha256(),
        initialKey: sha256(),
        /** What section 10 of every key of the circuit begins with. */
        circuitHash: blake2b512(),
      }),
    ),
    powersOfTau: zod.strictObject({
      power: zod.int().min(1).max(28),
      bytes: zod.int().positive(),
      blake2b512: blake2b512(),
      /** Whether the coordinator held them against the pinned list. */
      pinned: zod.boolean(),
    }),
    beacon: zod.strictObject({
      name: zod.string().min(1).max(40),
      publicKey: zod.string().regex(/^[0-9a-f]{192}$/),
      genesis: seconds(),
      period: zod.int().positive(),
      round: zod.int().positive(),
      /** The beacon's value is hashed 2^this times. */
      iterationsExponent: zod.int().min(10).max(20),
    }),
    /** Contributions that a production key needs at least, the beacon not counted. */
    minimumContributions: zod.int().min(1).max(MAXIMUM_CONTRIBUTIONS),
    tools: versions(),
  }),
);

const attestationForm = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.ceremony-attestation/1"),
    /** SHA-256 of the announcement. */
    ceremony: sha256(),
    /** From 1. */
    index: zod
      .int()
      .min(1)
      .max(MAXIMUM_CONTRIBUTIONS + 1),
    name: zod.string().refine(isContributorName),
    /** Seconds since the epoch, by the clock of who made it. */
    made: seconds(),
    /** Of the last contribution alone: the beacon that it is derived from. */
    beacon: zod
      .strictObject({ round: zod.int().positive(), signature: zod.string().regex(/^[0-9a-f]{96}$/) })
      .optional(),
    circuits: byCircuit(
      zod.strictObject({
        /** SHA-256 of the proving keys before and after. */
        received: sha256(),
        made: sha256(),
        /** BLAKE2b-512 of the contribution's public key, as snarkjs prints it. */
        contribution: blake2b512(),
      }),
    ),
    tools: versions(),
  }),
);

const recordForm = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.ceremony/1"),
    /** What the coordinator proved the keys to be. It is proven again by whoever takes them. */
    class: zod.enum(["production", "test"]),
    announcement: announcementForm(),
    /** In order, the beacon's last. */
    attestations: zod.array(attestationForm()),
    /** SHA-256 of the files of each circuit. */
    keys: byCircuit(zod.strictObject({ provingKey: sha256(), verifyingKey: sha256(), verifier: sha256() })),
    /** As the PatchVerifier holds it. */
    setupHash: zod.string().regex(/^0x[0-9a-f]{64}$/),
  }),
);

/** What a ceremony is about, fixed before its first contribution: `ceremony.json`. */
export type Announcement = z.output<ReturnType<typeof announcementForm>>;
/** What a contributor publishes, and the coordinator about the beacon: `attestation.json`. */
export type CeremonyAttestation = z.output<ReturnType<typeof attestationForm>>;
/** A finished ceremony: `record.json` of a key package. */
export type CeremonyRecord = z.output<ReturnType<typeof recordForm>>;

const ANNOUNCEMENT: FormName = { code: "ceremony/bad-announcement", what: "the announcement of a ceremony" };
const ATTESTATION: FormName = { code: "ceremony/bad-attestation", what: "the attestation of a contribution" };
const RECORD: FormName = { code: "ceremony/bad-record", what: "the record of a ceremony" };

/**
 * Reads `ceremony.json`. Its hash is that of its bytes, so it has to stand as it was written.
 * @param text the file's content.
 * @throws SealpatchError `ceremony/bad-announcement`.
 */
export function parseAnnouncement(text: string): Announcement {
  const announcement = parseForm(announcementForm(), text, ANNOUNCEMENT);
  if (announcementText(announcement) === text) return announcement;
  throw new SealpatchError("ceremony/bad-announcement", `this is not ${ANNOUNCEMENT.what}`, {
    why: "the file does not stand as it was written: attestations hold the hash of its bytes",
    remedy: "take ceremony.json from the coordinator again; do not edit it",
  });
}

/** Text of `ceremony.json`. @throws SealpatchError `ceremony/bad-announcement`. */
export function announcementText(announcement: Announcement): string {
  return textOf(formToJson(announcementForm(), announcement, ANNOUNCEMENT));
}

/** SHA-256 of `ceremony.json`, which every attestation holds: 64 hex digits. */
export function announcementHash(announcement: Announcement): string {
  return createHash("sha256").update(announcementText(announcement)).digest("hex");
}

/** Reads `attestation.json`. @throws SealpatchError `ceremony/bad-attestation`. */
export function parseCeremonyAttestation(file: unknown): CeremonyAttestation {
  return parseForm(attestationForm(), file, ATTESTATION);
}

/** Text of `attestation.json`, to publish. @throws SealpatchError `ceremony/bad-attestation`. */
export function ceremonyAttestationText(attestation: CeremonyAttestation): string {
  return textOf(formToJson(attestationForm(), attestation, ATTESTATION));
}

/** Reads `record.json`. @throws SealpatchError `ceremony/bad-record`. */
export function parseCeremonyRecord(file: unknown): CeremonyRecord {
  return parseForm(recordForm(), file, RECORD);
}

/** Text of `record.json`. @throws SealpatchError `ceremony/bad-record`. */
export function ceremonyRecordText(record: CeremonyRecord): string {
  return textOf(formToJson(recordForm(), record, RECORD));
}

function textOf(json: unknown): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}
