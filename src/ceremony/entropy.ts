import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SealpatchError } from "../errors.js";

/** Bytes that always come from the operating system. */
const SYSTEM_BYTES = 64;
const MAX_FILE_BYTES = 2 ** 20;

/**
 * What a contribution's secret is derived from: SHA-512 of 64 bytes of the operating system and of everything else that the
 * contributor gives, each with its length. snarkjs mixes 64 more bytes of the system in. Whoever knows all that was given
 * still knows nothing of the system's bytes; where those were foreseen, what was given protects.
 * @param given for example rolls of dice, or the content of a file.
 * @returns 128 hex digits. Keep it in no file and no log.
 */
export function contributionEntropy(given: readonly Uint8Array[]): string {
  const hash = createHash("sha512");
  for (const part of [randomBytes(SYSTEM_BYTES), ...given]) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex");
}

/** @throws SealpatchError `ceremony/bad-entropy` where the file is missing, empty, or larger than 1 MiB. It shows nothing of it. */
export async function entropyOfFile(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes !== undefined && bytes.length > 0 && bytes.length <= MAX_FILE_BYTES) return bytes;
  throw new SealpatchError("ceremony/bad-entropy", "the file gives no entropy", {
    details: { file, bytes: bytes?.length ?? null },
    why: bytes === undefined ? "it cannot be read" : "it has to have 1 byte to 1 MiB",
    remedy: "give a file of random bytes, or none: the operating system's are always taken",
  });
}

/** Rolls that make 128 bits. */
const ENOUGH_ROLLS = 50;

/** @param rolls digits 1 to 6, with spaces between them as you like. @throws SealpatchError `ceremony/bad-entropy`. It shows none. */
export function entropyOfDice(rolls: string): Uint8Array {
  const digits = rolls.replaceAll(/\s/g, "");
  if (/^[1-6]+$/.test(digits) && digits.length >= ENOUGH_ROLLS) return Buffer.from(digits);
  throw new SealpatchError("ceremony/bad-entropy", "these rolls of dice give too little entropy", {
    details: { rolls: digits.length, needed: ENOUGH_ROLLS },
    why: `they have to be ${ENOUGH_ROLLS} digits from 1 to 6 at least`,
    remedy: "roll on, or go without: the operating system's randomness is always taken",
  });
}
