import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CeremonyCircuit, sourceHashes } from "../../src/ceremony/circuits.js";
import {
  announcementHash,
  type CeremonyRecord,
  ceremonyAttestationText,
  ceremonyRecordText,
} from "../../src/ceremony/forms.js";
import { circuitFiles, packageFiles } from "../../src/ceremony/package-files.js";
import { QUICKNET } from "../../src/proof/index.js";
import { exportVerifierContract, exportVerifyingKey, setupHashOf } from "../../src/proof/keys/index.js";

const hashOf = (bytes: string | Uint8Array, name = "sha256") => createHash(name).update(bytes).digest("hex");

/** A circuit that takes a second, in place of both of the product. */
export const MULTIPLIERS: readonly CeremonyCircuit[] = [
  { name: "attest", source: "test/proof/circuits/multiplier.circom", verifier: "AttestVerifier" },
  { name: "bind", source: "test/proof/circuits/multiplier.circom", verifier: "BindVerifier" },
];

/**
 * A key package whose files belong together, and whose record says of them whatever is asked for: what anybody can write who had no
 * ceremony.
 * @param keys proving keys in the order of the circuits.
 * @param change of the record, before the checksums are made.
 */
export async function writePackage(
  folder: string,
  options: {
    readonly keys: readonly string[];
    readonly recordClass?: CeremonyRecord["class"];
    readonly circuits?: readonly CeremonyCircuit[];
    readonly change?: (record: CeremonyRecord) => CeremonyRecord;
  },
): Promise<CeremonyRecord> {
  const { circuits = MULTIPLIERS, recordClass = "test" } = options;
  await mkdir(join(folder, "attestations"), { recursive: true });
  const announced: CeremonyRecord["announcement"]["circuits"] = {};
  const keys: CeremonyRecord["keys"] = {};
  for (const [i, { name, source, verifier }] of circuits.entries()) {
    const files = circuitFiles(name, verifier);
    const zkeyFile = options.keys[i]!;
    const verifyingKey = JSON.stringify(await exportVerifyingKey(zkeyFile), null, 1);
    const contract = await exportVerifierContract({
      zkeyFile,
      contractName: verifier,
      keyClass: recordClass,
    });
    await copyFile(zkeyFile, join(folder, files.provingKey));
    await copyFile(zkeyFile, join(folder, files.initialKey));
    await writeFile(join(folder, files.verifyingKey), verifyingKey);
    await writeFile(join(folder, files.verifier), contract);
    keys[name] = {
      provingKey: hashOf(await readFile(zkeyFile)),
      verifyingKey: hashOf(verifyingKey),
      verifier: hashOf(contract),
    };
    announced[name] = {
      source,
      sources: await sourceHashes(source),
      verifier,
      constraints: 3,
      power: 3,
      r1cs: hashOf("r1cs"),
      initialKey: keys[name]!.provingKey,
      circuitHash: hashOf("circuit", "blake2b512"),
    };
  }
  const announcement: CeremonyRecord["announcement"] = {
    schema: "sealpatch.ceremony-announcement/1",
    circuits: announced,
    powersOfTau: { power: 5, bytes: 1, blake2b512: hashOf("powers", "blake2b512"), pinned: true },
    beacon: { ...QUICKNET, round: 1, iterationsExponent: 10 },
    minimumContributions: 3,
    tools: {},
  };
  const attestation: CeremonyRecord["attestations"][number] = {
    schema: "sealpatch.ceremony-attestation/1",
    ceremony: announcementHash(announcement),
    index: 1,
    name: "first",
    made: 1,
    circuits: Object.fromEntries(
      circuits.map(({ name }) => [
        name,
        {
          received: hashOf("received"),
          made: keys[name]!.provingKey,
          contribution: hashOf("c", "blake2b512"),
        },
      ]),
    ),
    tools: {},
  };
  const made: CeremonyRecord = {
    schema: "sealpatch.ceremony/1",
    class: recordClass,
    announcement,
    attestations: [attestation],
    keys,
    setupHash: setupHashOf(circuits.map(({ name }) => `0x${keys[name]!.provingKey}`)),
  };
  const record = options.change?.(made) ?? made;
  await writeFile(join(folder, "attestations/0001.json"), ceremonyAttestationText(attestation));
  await writeFile(join(folder, "record.json"), ceremonyRecordText(record));
  await writeChecksums(folder, record);
  return record;
}

/** Makes the checksums of a key package anew. */
export async function writeChecksums(folder: string, record: CeremonyRecord): Promise<void> {
  const lines: string[] = [];
  for (const name of packageFiles(record).filter((file) => file !== "SHA256SUMS"))
    lines.push(`${hashOf(await readFile(join(folder, name)))}  ${name}\n`);
  await writeFile(join(folder, "SHA256SUMS"), lines.join(""));
}
