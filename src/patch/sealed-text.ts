import { loadAge } from "../age.js";
import { SealpatchError } from "../errors.js";

/**
 * Encrypts a secret text to named recipients in the age format (age-encryption.org/v1).
 * @param recipients `age1...` public keys, at least one.
 * @throws SealpatchError `patch/no-recipient`, `patch/invalid-recipient`.
 */
export async function encryptText(text: string, recipients: readonly string[]): Promise<Uint8Array> {
  return (await encrypterFor(recipients)).encrypt(text);
}

/**
 * Checks recipients as `encryptText` does, before there is a text.
 * @throws SealpatchError `patch/no-recipient`, `patch/invalid-recipient`.
 */
export async function assertRecipients(recipients: readonly string[]): Promise<void> {
  await encrypterFor(recipients);
}

async function encrypterFor(recipients: readonly string[]) {
  if (recipients.length === 0) {
    throw new SealpatchError("patch/no-recipient", "a sealed file needs at least one recipient", {
      remedy: "name the age recipients of those who are to open it",
    });
  }
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      // Whatever else it is may be a secret, and so may what the cipher says of it.
      const shown = String(recipient).startsWith("age1") ? { recipient } : {};
      throw new SealpatchError("patch/invalid-recipient", "not a valid age recipient", {
        details: shown,
        remedy: "a recipient begins with age1; an identity, which is secret, is not a recipient",
      });
    }
  }
  return encrypter;
}

/**
 * Opens a sealed text.
 * @param identity `AGE-SECRET-KEY-1...`.
 * @throws SealpatchError `patch/cannot-decrypt` where it was sealed for others, `patch/damaged-bundle`.
 */
export async function decryptText(sealed: Uint8Array, identity: string): Promise<string> {
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  // Asked where the identity before it has not opened the file, and then alone.
  let refused = false;
  try {
    decrypter.addIdentity(identity);
    decrypter.addIdentity({
      unwrapFileKey() {
        refused = true;
        return null;
      },
    });
    return await decrypter.decrypt(sealed, "text");
  } catch {
    // No cause: what the cipher says about a secret key stays here.
    throw refused ? sealedForOthers() : damaged();
  }
}

const sealedForOthers = () =>
  new SealpatchError("patch/cannot-decrypt", "the file cannot be decrypted with this identity", {
    why: "it was sealed for others, or the key that it opens was changed in the file",
    remedy: "ask the council to seal it for your recipient",
  });

const damaged = () =>
  new SealpatchError("patch/damaged-bundle", "the sealed file is damaged", {
    why: "it is no age file, a part of it is missing or was changed, or the identity is none",
    remedy: "ask the council to send it again",
  });
