import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { contentKey } from "../cached.js";
import { type ErrorDetails, SealpatchError } from "../errors.js";
import { MANIFEST_SCHEMA, type Manifest, readManifest } from "../manifest.js";
import { CIRCUIT_NAMES } from "../proof/index.js";
import { checkedVerifyingKey, exportVerifierContract } from "../proof/keys/index.js";
import { type CeremonyCircuit, PRODUCT_CIRCUITS, sourceHashes } from "./circuits.js";
import { type CeremonyRecord, ceremonyRecordText } from "./forms.js";
import { assertPackageFiles, circuitFiles, readRecord } from "./package-files.js";

/** A key package whose files were held against its record. */
export interface KeyPackage {
  readonly record: CeremonyRecord;
  /** Its keys, with the witness calculators and contracts of this release; frozen. */
  readonly manifest: Manifest;
}

/**
 * Opens a key package, for proving and for deploying: all its files are held against its record, and the record against the circuits of
 * this release. That a ceremony made the keys is not looked at: they are of class `test` (`proveKeyPackage`).
 * @param folder that the ceremony's coordinator published.
 * @param options.circuits those that the keys are for; the product's unless given.
 * @returns a manifest with absolute paths, frozen.
 * @throws SealpatchError `key/no-package`, `key/other-circuits`, `key/package-changed`, `key/other-verifying-key`, `key/verifier-mismatch`,
 *   `ceremony/bad-record`, `ceremony/bad-attestation`, `proof/not-built`, and as `checkVerifyingKey`.
 * @example
 * ```ts
 * import { deployVerifier } from "sealpatch";
 * import { openKeyPackage } from "sealpatch/ceremony";
 * const manifest = await openKeyPackage("keys-of-the-ceremony");
 * await deployVerifier(governance, manifest);
 * ```
 */
export async function openKeyPackage(
  folder: string,
  options: { readonly circuits?: readonly CeremonyCircuit[] } = {},
): Promise<Manifest> {
  return (await readKeyPackage(folder, options.circuits)).manifest;
}

/** A key package with its record. Errors as `openKeyPackage`. */
export async function readKeyPackage(
  folder: string,
  circuits: readonly CeremonyCircuit[] = PRODUCT_CIRCUITS,
): Promise<KeyPackage> {
  const record = await readRecord(folder);
  await assertCircuits(record, circuits);
  await assertPackageFiles(folder, record);
  const manifest = await manifestOf(folder, record);
  for (const circuit of CIRCUIT_NAMES) {
    await checkedVerifyingKey(manifest, circuit);
    const { zkey, verifier } = manifest.circuits[circuit];
    const contractName = record.announcement.circuits[circuit]!.verifier;
    const expected = await exportVerifierContract({ zkeyFile: zkey, contractName, keyClass: record.class });
    if ((await readFile(verifier, "utf8")) !== expected) throw otherVerifier(circuit);
  }
  return { record, manifest };
}

/** The record has to be of exactly the circuits that a manifest holds, made from the very sources of this release. */
async function assertCircuits(
  { announcement, keys }: CeremonyRecord,
  circuits: readonly CeremonyCircuit[],
): Promise<void> {
  const needed = [...CIRCUIT_NAMES].sort();
  for (const named of [Object.keys(announcement.circuits), Object.keys(keys)]) {
    if (!isDeepStrictEqual(named.sort(), needed))
      throw otherCircuits(`they are for ${named.join(", ")}`, { circuits: named.join(", ") });
  }
  for (const name of CIRCUIT_NAMES) {
    const own = circuits.find((circuit) => circuit.name === name);
    const announced = announcement.circuits[name]!;
    if (own?.source !== announced.source || own.verifier !== announced.verifier)
      throw otherCircuits(`${name} has another main source or verifier`, { circuit: name });
    const hashes = await sourceHashes(own.source);
    const files = new Set([...Object.keys(hashes), ...Object.keys(announced.sources)]);
    const changed = [...files].find((file) => hashes[file] !== announced.sources[file]);
    if (changed !== undefined)
      throw otherCircuits(`${name} was made of another ${changed}`, { circuit: name, file: changed });
  }
}

async function manifestOf(folder: string, record: CeremonyRecord): Promise<Manifest> {
  const release = await readManifest();
  const circuits = Object.fromEntries(
    CIRCUIT_NAMES.map((name) => {
      const { provingKey, verifyingKey, verifier } = circuitFiles(
        name,
        record.announcement.circuits[name]!.verifier,
      );
      const artifacts = {
        wasm: release.circuits[name].wasm,
        verifyingKey: resolve(folder, verifyingKey),
        verifier: resolve(folder, verifier),
        zkey: resolve(folder, provingKey),
        fingerprint: `0x${record.keys[name]!.provingKey}`,
      };
      return [name, Object.freeze(artifacts)];
    }),
  ) as Manifest["circuits"];
  return Object.freeze({
    schema: MANIFEST_SCHEMA,
    content: contentKey([release.content, ceremonyRecordText(record)]),
    circuits: Object.freeze(circuits),
    contracts: release.contracts,
  });
}

function otherCircuits(why: string, details: ErrorDetails): SealpatchError {
  return new SealpatchError("key/other-circuits", "the keys are not for the circuits of this release", {
    details,
    why,
    remedy: "take the release that the ceremony was held with, or the keys of a ceremony for this one",
  });
}

function otherVerifier(circuit: string): SealpatchError {
  return new SealpatchError(
    "key/verifier-mismatch",
    `the verifier of ${circuit} does not belong to its key`,
    {
      details: { circuit },
      why: "its source is not what the proving key gives for the class that the record states",
      remedy: "take the key package again from where it was published",
    },
  );
}
