import { lstat, readFile, stat } from "node:fs/promises";
import { SealpatchError } from "../errors.js";
import { codeOf, refusalOf, writeWhole } from "../whole-file.js";
import { decryptKeystore, type EncryptOptions, encryptKeystore } from "./cipher.js";
import type { Keystore } from "./keystore.js";

/** Largest file that is read as a keystore, in bytes: one has less than a thousand. */
const MAX_FILE_BYTES = 65_536;

/**
 * Writes a keystore to a new file that only its owner may read; a file that is there is never replaced, for the keys in it
 * may be registered.
 * @throws SealpatchError `keystore/exists`, `keystore/unwritable`, and as `encryptKeystore`.
 * @example
 * ```ts
 * await writeKeystore("first.age", await newCouncilKeystore("first member"), passphrase);
 * ```
 */
export async function writeKeystore(
  path: string,
  keystore: Keystore,
  passphrase: string,
  options?: EncryptOptions,
): Promise<void> {
  const sealed = await encryptKeystore(keystore, passphrase, options);
  await writeWhole(path, sealed, { mode: 0o600, replace: false }).catch((error: unknown) => {
    throw codeOf(error) === "EEXIST" ? existing(path) : unwritable(path, refusalOf(error));
  });
}

/**
 * Checks that a keystore can be written to a path, before anybody types a passphrase for it.
 * @throws SealpatchError `keystore/exists`.
 */
export async function assertNoKeystore(path: string): Promise<void> {
  const there = await lstat(path).then(
    () => true,
    () => false,
  );
  if (there) throw existing(path);
}

/**
 * Reads a keystore.
 * @throws SealpatchError `keystore/unreadable`, and as `decryptKeystore`.
 * @example
 * ```ts
 * const keystore = await readKeystore("first.age", passphrase);
 * if (keystore.role !== "auditor") throw new Error("it is a council member's");
 * const attestation = attest(keystore.signingKey, review.statement);
 * wipeKeystore(keystore);
 * ```
 */
export async function readKeystore(path: string, passphrase: string): Promise<Keystore> {
  return decryptKeystore(await readSealed(path), passphrase);
}

/** The bytes of a keystore's file. @throws SealpatchError `keystore/unreadable`. */
export async function readSealed(path: string): Promise<Buffer> {
  let why = `it has more than ${MAX_FILE_BYTES} bytes`;
  try {
    if ((await stat(path)).size <= MAX_FILE_BYTES) return await readFile(path);
  } catch (error) {
    why = refusalOf(error);
  }
  throw new SealpatchError("keystore/unreadable", `the keystore ${path} cannot be read`, {
    details: { path },
    why,
    remedy: "check the path, and whether you may read the file",
  });
}

function existing(path: string): SealpatchError {
  return new SealpatchError("keystore/exists", `there is a file ${path} already`, {
    details: { path },
    why: "keys in it may be registered, and would be lost",
    remedy: "choose another name, or move that file away",
  });
}

function unwritable(path: string, why: string): SealpatchError {
  return new SealpatchError("keystore/unwritable", `the keystore ${path} cannot be written`, {
    details: { path },
    why,
    remedy: "choose a file in a folder that exists and that you may write to",
  });
}
