import { loadAge } from "../age.js";
import { SealpatchError } from "../errors.js";
import { type Keystore, keystoreToJson, parseKeystore } from "./keystore.js";

/** Characters that a passphrase has at least. Its strength is for its owner to judge: five random words, or 16 random letters. */
export const MIN_PASSPHRASE = 12;

/** What encrypting takes besides the passphrase. */
export interface EncryptOptions {
  /** scrypt's cost, N = 2^workFactor (RFC 7914), 10 to 20; 18 unless given, which takes about a second and 256 MiB. */
  readonly workFactor?: number;
}

/**
 * Encrypts a keystore with a passphrase, in the age format (age-encryption.org/v1, scrypt).
 * @throws SealpatchError `keystore/short-passphrase`, `keystore/malformed`.
 * @example
 * ```ts
 * const keystore = await newCouncilKeystore("first member");
 * const sealed = await encryptKeystore(keystore, passphrase);
 * ```
 */
export async function encryptKeystore(
  keystore: Keystore,
  passphrase: string,
  { workFactor = 18 }: EncryptOptions = {},
): Promise<Uint8Array> {
  if (typeof passphrase !== "string" || [...passphrase].length < MIN_PASSPHRASE) {
    throw new SealpatchError("keystore/short-passphrase", "the passphrase is too short", {
      details: { minimum: MIN_PASSPHRASE },
      why: "whoever has the file can try passphrases for as long as he likes",
      remedy: `give at least ${MIN_PASSPHRASE} characters: five random words, or 16 random letters`,
    });
  }
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(JSON.stringify(keystoreToJson(keystore)));
}

/**
 * Decrypts a keystore.
 * @throws SealpatchError `keystore/wrong-passphrase`, `keystore/sealed-for-others` where no passphrase opens the file,
 *   `keystore/damaged`, `keystore/malformed` where it holds something else.
 * @example
 * ```ts
 * const keystore = await decryptKeystore(await readFile("first.age"), passphrase);
 * ```
 */
export async function decryptKeystore(sealed: Uint8Array, passphrase: string): Promise<Keystore> {
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  // Identities are asked in turn, each only where those before it have not opened the file. So the one before the passphrase
  // sees what a readable header says, and the one behind it is asked where the passphrase does not fit.
  let forPassphrase = true;
  let refused = false;
  decrypter.addIdentity({
    unwrapFileKey(stanzas: readonly { readonly args: readonly string[] }[]) {
      forPassphrase = stanzas.length === 1 && stanzas[0]?.args[0] === "scrypt";
      return null;
    },
  });
  decrypter.addPassphrase(passphrase);
  decrypter.addIdentity({
    unwrapFileKey() {
      refused = true;
      return null;
    },
  });
  let clear: Uint8Array;
  try {
    clear = await decrypter.decrypt(sealed);
  } catch {
    // No cause: what the cipher says about a secret stays here.
    throw !forPassphrase ? sealedForOthers() : refused ? wrongPassphrase() : damaged();
  }
  try {
    return parseKeystore(new TextDecoder().decode(clear));
  } finally {
    clear.fill(0);
  }
}

export const wrongPassphrase = () =>
  new SealpatchError("keystore/wrong-passphrase", "the passphrase does not open the keystore", {
    why: "it is another one, or the key that it opens was changed in the file",
    remedy: "type it again; capital letters, spaces and the keyboard's language count",
  });

const sealedForOthers = () =>
  new SealpatchError("keystore/sealed-for-others", "no passphrase opens this file", {
    why: "it is encrypted to recipients, as a sealed bundle is: it is no keystore",
    remedy: "give the file that was made as a keystore",
  });

const damaged = () =>
  new SealpatchError("keystore/damaged", "the keystore is damaged", {
    why: "it is no age file, a part of it is missing or was changed, or it asks for more work than scrypt at 2^20",
    remedy: "take the keystore from a copy of it; without one, make new keys and have them registered",
  });
