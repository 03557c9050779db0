import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { keccak248, poseidon, TAGS } from "../field/index.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { ageRecipient, label } from "../schemas.js";
import { zod } from "../zod.js";
import { assertPublicKey, derivePublicKey, type Point, type Signature, sign, verify } from "./curve.js";
import { signedMembers, signedShape } from "./schema.js";

/** What an auditor gives to those who build a policy and seal patches. Everything in it is public. */
export interface AuditorRegistration {
  /** Who it is, for people: 1 to 64 characters on one line. */
  readonly label: string;
  readonly publicKey: Point;
  /** Whom bundles are encrypted to: `age1...`. */
  readonly recipient: string;
  /** Of the key itself over all three: it has them together from whoever holds the key (proof of possession). */
  readonly signature: Signature;
}

/**
 * Registers an auditor's key with the recipient that goes with it.
 * @param privateKey 32 bytes.
 * @throws SealpatchError `audit/invalid-private-key`, `audit/malformed-registration` where label or recipient is none.
 * @example
 * ```ts
 * const { recipient } = await newRecipient();
 * const registration = registerAuditor(privateKey, { label: "first auditor", recipient });
 * await writeFile("auditor.json", JSON.stringify(auditorRegistrationToJson(registration)));
 * ```
 */
export function registerAuditor(
  privateKey: Uint8Array,
  names: Pick<AuditorRegistration, "label" | "recipient">,
): AuditorRegistration {
  const { label, recipient } = names;
  const publicKey = derivePublicKey(privateKey);
  // Read back: what no reader takes is not signed.
  const message = registrationMessage({ publicKey, ...parseForm(namesSchema(), { label, recipient }, FORM) });
  return { label, publicKey, recipient, signature: sign(privateKey, message) };
}

/**
 * Checks that whoever made a registration holds its key, and gave this recipient and this label with it: else bundles could be
 * encrypted to somebody else in an auditor's name.
 * @throws SealpatchError `audit/invalid-key`, `audit/unproven-key`.
 */
export function assertRegistration(registration: AuditorRegistration): void {
  // Before the signature: a key of small order verifies what nobody signed.
  assertPublicKey(registration.publicKey);
  if (verify(registration.publicKey, registrationMessage(registration), registration.signature)) return;
  throw new SealpatchError("audit/unproven-key", "the key has not signed this registration", {
    details: { label: registration.label, recipient: registration.recipient },
    why: "key, recipient and label are signed together, and one of them was changed, or the key is somebody else's",
    remedy: "ask the auditor for the file again, and compare the key by another channel",
  });
}

/** H_5(tag, A.x, A.y, keccak248(recipient), keccak248(label)) (encodings.md). */
function registrationMessage({
  publicKey: [x, y],
  recipient,
  label,
}: Omit<AuditorRegistration, "signature">): bigint {
  const digest = (text: string): bigint => keccak248(new TextEncoder().encode(text));
  return poseidon([TAGS.registration, x, y, digest(recipient), digest(label)]);
}

const FORM: FormName = { code: "audit/malformed-registration", what: "an auditor's registration" };
const namesSchema = lazily(() => zod.strictObject({ label: label(), recipient: ageRecipient() }));
const registrationSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.auditor/1"),
    ...namesSchema().shape,
    ...signedShape(),
  }),
);

/** The JSON form of a registration. @throws SealpatchError as `parseAuditorRegistration`: what no reader takes is not written. */
export function auditorRegistrationToJson(
  registration: AuditorRegistration,
): z.input<ReturnType<typeof registrationSchema>> {
  const { label, recipient } = registration;
  const members = { label, recipient, ...signedMembers(registration) };
  const json = formToJson(registrationSchema(), { schema: "sealpatch.auditor/1", ...members }, FORM);
  assertRegistration(registration);
  return json;
}

/**
 * Reads an auditor's registration (`sealpatch.auditor/1`), and checks that its key has signed it.
 * @param file its JSON, or its text.
 * @throws SealpatchError `audit/malformed-registration`, and as `assertRegistration`.
 * @example
 * ```ts
 * const files = ["one.json", "two.json", "three.json"];
 * const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
 * const auditors = new AuditorSet(texts.map((text) => parseAuditorRegistration(text).publicKey));
 * ```
 */
export function parseAuditorRegistration(file: unknown): AuditorRegistration {
  const { label, publicKey, recipient, R8, S } = parseForm(registrationSchema(), file, FORM);
  const registration = { label, publicKey, recipient, signature: { R8, S } };
  assertRegistration(registration);
  return registration;
}
