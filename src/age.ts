import { SealpatchError } from "./errors.js";

/** The age format's package, loaded when it is first needed: only those who seal or open files pay for its large ciphers. */
export const loadAge = () => import("age-encryption");

/**
 * A fresh age identity (secret) with its recipient (public).
 * @example
 * ```ts
 * const { identity, recipient } = await newRecipient();
 * // The recipient goes to the council; the identity opens what is sealed for it.
 * ```
 */
export async function newRecipient(): Promise<{ identity: string; recipient: string }> {
  const { generateIdentity, identityToRecipient } = await loadAge();
  const identity = await generateIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * The recipient of an identity.
 * @throws SealpatchError `keystore/malformed`, which does not show the identity.
 */
export async function recipientOf(identity: string): Promise<string> {
  const { identityToRecipient } = await loadAge();
  // No cause: what the cipher says about a secret key stays here.
  return identityToRecipient(identity).catch(() => {
    throw new SealpatchError("keystore/malformed", "an age identity of the keystore is none", {
      why: "its checksum is wrong",
      remedy: "take the keystore from a copy of it",
    });
  });
}
