import { describe, expect, it } from "vitest";
import { newRecipient } from "../../src/age.js";
import { verify } from "../../src/audit/curve.js";
import {
  assertRegistration,
  attestedMessage,
  auditorRegistrationToJson,
  newAuditorKey,
  parseAuditorRegistration,
  registerAuditor,
} from "../../src/audit/index.js";
import { keccak248, poseidon, tag } from "../../src/field/index.js";

const [first, second] = [newAuditorKey(), newAuditorKey()];
const [own, other] = [(await newRecipient()).recipient, (await newRecipient()).recipient];
const registration = registerAuditor(first.privateKey, { label: "first auditor", recipient: own });

const unproven = expect.objectContaining({ code: "audit/unproven-key" });

describe("an auditor's registration", () => {
  it("survives its file", () => {
    const text = JSON.stringify(auditorRegistrationToJson(registration));
    expect(parseAuditorRegistration(text)).toEqual(registration);
  });

  it("is signed over what docs/encodings.md says", () => {
    const digest = (text: string) => keccak248(new TextEncoder().encode(text));
    const { publicKey, recipient, label, signature } = registration;
    const message = poseidon([tag("sealpatch.registration"), ...publicKey, digest(recipient), digest(label)]);
    expect(verify(publicKey, message, signature)).toBe(true);
  });

  it("T09, T20: proves who holds the key: another key, recipient or label is refused, and not written either", () => {
    const changes = [{ publicKey: second.publicKey }, { recipient: other }, { label: "first auditors" }];
    for (const change of changes) {
      const forged = { ...registration, ...change };
      expect(() => assertRegistration(forged)).toThrowError(unproven);
      expect(() => auditorRegistrationToJson(forged)).toThrowError(unproven);
      const json = auditorRegistrationToJson(registration);
      const { publicKey } = auditorRegistrationToJson(registerAuditor(second.privateKey, registration));
      const inFile = "publicKey" in change ? { publicKey } : change;
      expect(() => parseAuditorRegistration({ ...json, ...inFile })).toThrowError(unproven);
    }
  });

  it("cannot be made of an attestation's signature, nor with a key of small order", () => {
    const statement = { commitment: 1n, targetsRoot: 2n, vectorRoot: 3n, reportDigest: 4n };
    expect(verify(registration.publicKey, attestedMessage(statement), registration.signature)).toBe(false);
    const neutral = {
      ...registration,
      publicKey: [0n, 1n] as const,
      signature: { R8: [0n, 1n] as const, S: 0n },
    };
    expect(() => assertRegistration(neutral)).toThrowError(
      expect.objectContaining({ code: "audit/invalid-key" }),
    );
  });

  it.each(["", " first", "first ", "x".repeat(65), "a\nb", "a\u202eb", "a\u0000b"])(
    "has a label that people can read, which %j is not",
    (label) => {
      expect(() => registerAuditor(first.privateKey, { label, recipient: own })).toThrowError(
        expect.objectContaining({ code: "audit/malformed-registration" }),
      );
    },
  );
});
