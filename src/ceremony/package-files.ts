import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { SealpatchError } from "../errors.js";
import { fingerprintOf, setupHashOf } from "../proof/keys/index.js";
import { type CeremonyRecord, parseCeremonyAttestation, parseCeremonyRecord } from "./forms.js";

export const RECORD = "record.json";
/** As `sha256sum` writes it, of all other files. */
export const CHECKSUMS = "SHA256SUMS";

/** Name of an attestation's file in a key package. */
export const attestationFile = (index: number): string =>
  `attestations/${String(index).padStart(4, "0")}.json`;

/** Names of a circuit's files in a key package. @param verifier name of its verifier contract. */
export function circuitFiles(circuit: string, verifier: string) {
  return {
    provingKey: `${circuit}.zkey`,
    /** Its hash of the circuit cannot be had of the final key, and begins the chain of contributions. */
    initialKey: `${circuit}.initial.zkey`,
    verifyingKey: `${circuit}.verifying-key.json`,
    verifier: `${verifier}.sol`,
  } as const;
}

/** Names of all files of a key package, below its folder. */
export function packageFiles({ announcement, attestations }: CeremonyRecord): string[] {
  return [
    RECORD,
    CHECKSUMS,
    ...attestations.map((_, i) => attestationFile(i + 1)),
    ...Object.entries(announcement.circuits).flatMap(([name, { verifier }]) =>
      Object.values(circuitFiles(name, verifier)),
    ),
  ];
}

/** The record of a key package, as it says. @throws SealpatchError `key/no-package`, `ceremony/bad-record`. */
export async function readRecord(folder: string): Promise<CeremonyRecord> {
  const text = await readFile(join(folder, RECORD), "utf8").catch(() => undefined);
  if (text !== undefined) return parseCeremonyRecord(text);
  throw new SealpatchError("key/no-package", "this is no key package", {
    details: { folder },
    why: `there is no ${RECORD} in it that can be read`,
    remedy: "give the folder that the coordinator of the ceremony published",
  });
}

/**
 * Holds every file of a key package against its record, and against its checksums.
 * @param record of this very folder.
 * @throws SealpatchError `key/package-changed`, `ceremony/bad-attestation`.
 */
export async function assertPackageFiles(folder: string, record: CeremonyRecord): Promise<void> {
  const hashes = new Map<string, string>();
  for (const name of packageFiles(record)) {
    const found = await fingerprintOf(resolve(folder, name));
    if (found === undefined) throw packageChanged(name, "it is missing");
    hashes.set(name, found.slice(2));
  }
  for (const [circuit, { verifier }] of Object.entries(record.announcement.circuits)) {
    const files = circuitFiles(circuit, verifier);
    const expected = {
      ...record.keys[circuit],
      initialKey: record.announcement.circuits[circuit]?.initialKey,
    };
    for (const kind of ["provingKey", "initialKey", "verifyingKey", "verifier"] as const) {
      if (hashes.get(files[kind]) !== expected[kind])
        throw packageChanged(files[kind], `its hash is not the one in ${RECORD}`);
    }
  }
  for (const [i, attestation] of record.attestations.entries()) {
    const name = attestationFile(i + 1);
    const shown = parseCeremonyAttestation(await readFile(join(folder, name), "utf8"));
    if (!isDeepStrictEqual(shown, attestation)) throw packageChanged(name, `it is not the one in ${RECORD}`);
  }
  const fingerprints = Object.values(record.keys).map(({ provingKey }) => `0x${provingKey}`);
  if (record.setupHash !== setupHashOf(fingerprints))
    throw packageChanged(RECORD, "its setup hash is not that of its keys");
  const text = await readFile(join(folder, CHECKSUMS), "utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  hashes.delete(CHECKSUMS);
  const expected = [...hashes].map(([name, hash]) => `${hash}  ${name}`).sort();
  if (!isDeepStrictEqual(lines.sort(), expected))
    throw packageChanged(CHECKSUMS, "it does not hold the hashes of all other files, and no others");
}

function packageChanged(file: string, why: string): SealpatchError {
  return new SealpatchError("key/package-changed", "the key package is not as it was made", {
    details: { file },
    why: `${file}: ${why}`,
    remedy: "take the key package again from where it was published; do not edit it",
  });
}
