import type { z } from "zod";
import { newRecipient, recipientOf } from "../age.js";
import { type AuditorRegistration, newAuditorKey, registerAuditor } from "../audit/index.js";
import { SealpatchError } from "../errors.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { hexBytes, label } from "../schemas.js";
import { zod } from "../zod.js";

const owner = lazily(() => ({
  schema: zod.literal("sealpatch.keystore/1"),
  /** Who it is, for people. */
  label: label(),
  /** age identity, `AGE-SECRET-KEY-1...`: opens what is encrypted to its recipient. */
  identity: zod.string().regex(/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/),
}));

const auditorSchema = lazily(() =>
  zod.strictObject({
    role: zod.literal("auditor"),
    ...owner(),
    /** 32 bytes, not all of them zero. */
    signingKey: hexBytes().refine((key) => key.length === 32 && key.some(Boolean)),
  }),
);
const councilSchema = lazily(() => zod.strictObject({ role: zod.literal("council"), ...owner() }));
const keystoreSchema = lazily(() => zod.discriminatedUnion("role", [auditorSchema(), councilSchema()]));

/** What an auditor keeps: the key that attests, and the identity that opens bundles. All of it but the label is secret. */
export type AuditorKeystore = Omit<z.output<ReturnType<typeof auditorSchema>>, "schema">;
/** What a member of the council keeps. All of it but the label is secret. */
export type CouncilKeystore = Omit<z.output<ReturnType<typeof councilSchema>>, "schema">;
/** The secrets of one person. */
export type Keystore = AuditorKeystore | CouncilKeystore;

/**
 * Fresh keys of an auditor.
 * @param label who it is, for people: 1 to 64 characters on one line.
 * @throws SealpatchError `keystore/invalid-label`.
 * @example
 * ```ts
 * const keystore = await newAuditorKeystore("first auditor");
 * await writeKeystore("first.age", keystore, passphrase);
 * const registration = await auditorRegistration(keystore);
 * await writeFile("first.json", JSON.stringify(auditorRegistrationToJson(registration)));
 * wipeKeystore(keystore);
 * ```
 */
export async function newAuditorKeystore(label: string): Promise<AuditorKeystore> {
  assertLabel(label);
  const { identity } = await newRecipient();
  return { role: "auditor", label, identity, signingKey: newAuditorKey().privateKey };
}

/** Fresh keys of a member of the council. @throws SealpatchError `keystore/invalid-label`. */
export async function newCouncilKeystore(label: string): Promise<CouncilKeystore> {
  assertLabel(label);
  const { identity } = await newRecipient();
  return { role: "council", label, identity };
}

/**
 * What others need of an auditor, signed with the key itself.
 * @throws SealpatchError as `registerAuditor`.
 */
export async function auditorRegistration(keystore: AuditorKeystore): Promise<AuditorRegistration> {
  const { label, identity, signingKey } = keystore;
  return registerAuditor(signingKey, { label, recipient: await recipientOf(identity) });
}

/**
 * Overwrites the signing key in memory. What JavaScript keeps as texts, the identity among them, stays until its memory is
 * used again: nothing in the language takes it away.
 */
export function wipeKeystore(keystore: Keystore): void {
  if (keystore.role === "auditor") keystore.signingKey.fill(0);
}

const FORM: FormName = { code: "keystore/malformed", what: "a keystore" };

/** The JSON form of a keystore: every secret in it in clear. */
export function keystoreToJson(keystore: Keystore) {
  return formToJson(keystoreSchema(), { schema: "sealpatch.keystore/1", ...keystore }, FORM);
}

/** Reads a keystore's JSON. @throws SealpatchError `keystore/malformed`. */
export function parseKeystore(text: string): Keystore {
  const { schema, ...keystore } = parseForm(keystoreSchema(), text, FORM);
  return keystore;
}

function assertLabel(text: string): void {
  if (label().safeParse(text).success) return;
  throw new SealpatchError("keystore/invalid-label", "nobody can be called so in a keystore", {
    why: "a label has 1 to 64 visible characters on one line, and a space at neither end",
    remedy: "give a short name, as others know the person by",
  });
}

/**
 * The same keystore, where it is of this role.
 * @throws SealpatchError `keystore/other-role`.
 */
export function ofRole<R extends Keystore["role"]>(
  keystore: Keystore,
  role: R,
): Extract<Keystore, { role: R }> {
  if (keystore.role === role) return keystore as Extract<Keystore, { role: R }>;
  throw new SealpatchError("keystore/other-role", `this is no keystore of the role ${role}`, {
    details: { role: keystore.role, wanted: role },
    why: `it was made for the role ${keystore.role}`,
    remedy: `give the keystore that was made for the role ${role}`,
  });
}
