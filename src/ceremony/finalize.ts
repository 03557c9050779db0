import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SealpatchError } from "../errors.js";
import { exportVerifierContract, exportVerifyingKey, setupHashOf } from "../proof/keys/index.js";
import { verifyingKeyText } from "./circuit-checks.js";
import { asUnwritable, sha256Of, synced } from "./files.js";
import { CeremonyFolder } from "./folder.js";
import { type CeremonyRecord, ceremonyAttestationText, ceremonyRecordText } from "./forms.js";
import { withLock } from "./lock.js";
import { type CeremonyMaterial, readMaterial } from "./material.js";
import { assertPackageFiles, attestationFile, CHECKSUMS, circuitFiles, RECORD } from "./package-files.js";
import { assertRoom, roomOfStep, type StepListeners } from "./room.js";
import { type CeremonyClass, type VerifyOptions, verifyCeremony } from "./verify.js";

/**
 * Makes the key package of a ceremony that ended with its beacon: verifies it, then writes proving keys, verifying keys, verifier sources,
 * attestations, record and checksums. Without the powers of tau, or with others than pinned ones, it is a package of test keys.
 * @param out folder of the package; `package` in the ceremony's folder unless given. It appears complete or not at all.
 * @throws SealpatchError `ceremony/not-verified` with the first check that fails, `ceremony/folder-in-use`, `ceremony/locked`,
 *   `ceremony/folder-unwritable`, `key/package-changed` where its package is there and was changed, and as `verifyCeremony`.
 * @example
 * ```ts
 * import { finalizeCeremony } from "sealpatch/ceremony";
 * const { record } = await finalizeCeremony("ceremony", { powersOfTau: "powersOfTau28_hez_final_18.ptau" });
 * console.log(record.class, record.setupHash);
 * ```
 */
export async function finalizeCeremony(
  path: string,
  {
    out = join(path, "package"),
    onRoom,
    ...options
  }: VerifyOptions & StepListeners & { readonly out?: string | undefined } = {},
): Promise<{ readonly folder: string; readonly record: CeremonyRecord }> {
  // Where there is no ceremony, no lock is tried; a package is none.
  const { announcement } = await CeremonyFolder.open(path);
  return withLock(path, async () => {
    const material = await readMaterial(path);
    const circuits = Object.keys(announcement.circuits);
    const files = circuits.flatMap((circuit) => [material.key(circuit), material.initialKey(circuit)]);
    const there = files.filter((file) => existsSync(file));
    const room = await roomOfStep("verify", there, Object.values(announcement.circuits));
    await assertRoom(path, room, onRoom);
    const { checks, keyClass } = await verifyCeremony(path, options);
    // Too few contributions make no production key, and no bad one either.
    const failed = checks.find(({ outcome }) => outcome === "fails");
    if (failed !== undefined) throw notVerified(failed.name, failed.what);
    const record = await writePackage(path, { out, keyClass });
    return { folder: out, record };
  });
}

async function writePackage(
  path: string,
  { out, keyClass }: { readonly out: string; readonly keyClass: CeremonyClass },
): Promise<CeremonyRecord> {
  const material = await readMaterial(path);
  const scratch = join(dirname(out), `.${basename(out)}.making`);
  try {
    await rm(scratch, { recursive: true, force: true });
    await mkdir(join(scratch, "attestations"), { recursive: true });
    const record = await fill(scratch, material, keyClass);
    await assertPackageFiles(scratch, record);
    const text = ceremonyRecordText(record);
    const there = await readFile(join(out, RECORD), "utf8").catch(() => undefined);
    if (there === text) {
      await assertPackageFiles(out, record);
      return record;
    }
    if (there !== undefined) throw inUse(out);
    for (const folder of [join(scratch, "attestations"), scratch]) await synced(folder);
    await rename(scratch, out).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOTEMPTY" || error.code === "EEXIST" ? inUse(out) : error;
    });
    await synced(dirname(out));
    return record;
  } catch (error) {
    throw asUnwritable(error, dirname(out));
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => {});
  }
}

async function fill(
  folder: string,
  material: CeremonyMaterial,
  keyClass: CeremonyClass,
): Promise<CeremonyRecord> {
  const { announcement, attestations } = material;
  const sums: string[] = [];
  const put = async (name: string, write: (file: string) => Promise<void>): Promise<string> => {
    const file = join(folder, name);
    await write(file);
    const hash = await sha256Of(file);
    sums.push(`${hash}  ${name}`);
    return hash;
  };
  const putCopy = (name: string, source: string) =>
    put(name, async (file) => {
      await copyFile(source, file);
      await synced(file);
    });
  const putText = (name: string, text: string) => put(name, (file) => writeFile(file, text, { flush: true }));
  const keys: CeremonyRecord["keys"] = {};
  for (const [circuit, { verifier }] of Object.entries(announcement.circuits)) {
    const files = circuitFiles(circuit, verifier);
    const zkeyFile = join(folder, files.provingKey);
    const provingKey = await putCopy(files.provingKey, material.key(circuit));
    await putCopy(files.initialKey, material.initialKey(circuit));
    const verifyingKey = verifyingKeyText(await exportVerifyingKey(zkeyFile));
    const source = await exportVerifierContract({ zkeyFile, contractName: verifier, keyClass });
    keys[circuit] = {
      provingKey,
      verifyingKey: await putText(files.verifyingKey, verifyingKey),
      verifier: await putText(files.verifier, source),
    };
  }
  for (const attestation of attestations) {
    await putText(attestationFile(attestation.index), ceremonyAttestationText(attestation));
  }
  const record: CeremonyRecord = {
    schema: "sealpatch.ceremony/1",
    class: keyClass,
    announcement,
    attestations: [...attestations],
    keys,
    setupHash: setupHashOf(Object.values(keys).map(({ provingKey }) => `0x${provingKey}`)),
  };
  await putText(RECORD, ceremonyRecordText(record));
  await writeFile(join(folder, CHECKSUMS), `${sums.join("\n")}\n`, { flush: true });
  return record;
}

function inUse(folder: string): SealpatchError {
  return new SealpatchError("ceremony/folder-in-use", "this folder is not empty", {
    details: { folder },
    why: "something else lies where the package goes",
    remedy: "name another folder for the package",
  });
}

function notVerified(check: string, why: string): SealpatchError {
  return new SealpatchError("ceremony/not-verified", "the ceremony does not verify", {
    details: { check },
    why: `${check}: ${why}`,
    remedy: "verify the ceremony to see every check, and mend what fails before a package is made of it",
  });
}
