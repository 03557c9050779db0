import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
import { afterAll, describe, expect, it } from "vitest";
import { newRecipient } from "../../src/age.js";
import { assertRegistration, derivePublicKey } from "../../src/audit/index.js";
import {
  assertNoKeystore,
  auditorRegistration,
  councilMember,
  councilMemberToJson,
  decryptKeystore,
  encryptKeystore,
  type Keystore,
  newAuditorKeystore,
  newCouncilKeystore,
  ofRole,
  parseCouncilMember,
  readKeystore,
  wipeKeystore,
  writeKeystore,
} from "../../src/keystore/index.js";

const PASSPHRASE = "correct horse battery staple";
// What scrypt costs changes nothing else, and tests open many files.
const QUICK = { workFactor: 10 };
const folder = mkdtempSync(join(tmpdir(), "sealpatch-keystore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const auditor = await newAuditorKeystore("first auditor");
const council = await newCouncilKeystore("first member");
const sealed = await encryptKeystore(auditor, PASSPHRASE, QUICK);

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "accepted",
    (error: { code?: unknown }) => error.code ?? error,
  );

/** A file of the age format with any content. */
async function encrypted(content: string, to: { recipient?: string } = {}): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(QUICK.workFactor);
  if (to.recipient === undefined) encrypter.setPassphrase(PASSPHRASE);
  else encrypter.addRecipient(to.recipient);
  return encrypter.encrypt(content);
}

async function contentOf(file: Uint8Array): Promise<Record<string, unknown>> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(PASSPHRASE);
  return JSON.parse(await decrypter.decrypt(file, "text"));
}

describe("a keystore", () => {
  it.each<[string, Keystore]>([
    ["auditor", auditor],
    ["council", council],
  ])("of the role %s survives its file, which is an age file with a passphrase", async (role, keystore) => {
    const file = await encryptKeystore(keystore, PASSPHRASE, QUICK);
    expect(await decryptKeystore(file, PASSPHRASE)).toEqual(keystore);
    expect(new TextDecoder().decode(file)).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
    expect(await contentOf(file)).toMatchObject({ schema: "sealpatch.keystore/1", role });
  });

  it("T20: costs what age itself takes, and shows nothing in clear", async () => {
    const file = new TextDecoder("latin1").decode(await encryptKeystore(auditor, PASSPHRASE));
    expect(file).toMatch(/^-> scrypt \S+ 18$/m);
    for (const secret of [auditor.identity, auditor.label, Buffer.from(auditor.signingKey).toString("hex")])
      expect(file).not.toContain(secret);
  });

  it("has fresh keys each time", async () => {
    const again = await newAuditorKeystore(auditor.label);
    expect(again.identity).not.toBe(auditor.identity);
    expect(again.signingKey).not.toEqual(auditor.signingKey);
  });

  it("gives its public parts", async () => {
    const registration = await auditorRegistration(auditor);
    expect(() => assertRegistration(registration)).not.toThrow();
    expect(registration).toMatchObject({
      label: auditor.label,
      publicKey: derivePublicKey(auditor.signingKey),
      recipient: await identityToRecipient(auditor.identity),
    });
    const member = await councilMember(council);
    expect(member).toEqual({
      label: council.label,
      recipient: await identityToRecipient(council.identity),
    });
    expect(parseCouncilMember(JSON.stringify(councilMemberToJson(member)))).toEqual(member);
  });

  it("is for one role", () => {
    expect(ofRole(council, "council")).toBe(council);
    expect(() => ofRole(council, "auditor")).toThrowError(
      expect.objectContaining({
        code: "keystore/other-role",
        details: { role: "council", wanted: "auditor" },
      }),
    );
  });

  it("is wiped as far as it is bytes", async () => {
    const keystore = await newAuditorKeystore("to be wiped");
    expect(keystore.signingKey.some(Boolean)).toBe(true);
    wipeKeystore(keystore);
    expect(keystore.signingKey.some(Boolean)).toBe(false);
  });

  it.each(["", " a", "a\nb", "x".repeat(65)])("is nobody's of the name %j", async (label) => {
    expect(await codeOf(newAuditorKeystore(label))).toBe("keystore/invalid-label");
    expect(await codeOf(newCouncilKeystore(label))).toBe("keystore/invalid-label");
  });

  it("is not encrypted with a short passphrase; characters are counted, not their bytes", async () => {
    expect(await codeOf(encryptKeystore(council, "ä".repeat(11), QUICK))).toBe("keystore/short-passphrase");
    expect(await codeOf(encryptKeystore(council, "ä".repeat(12), QUICK))).toBe("accepted");
  });
});

describe("what does not open is told apart", () => {
  it("a wrong passphrase", async () => {
    for (const wrong of ["", `${PASSPHRASE} `, PASSPHRASE.toUpperCase()])
      expect(await codeOf(decryptKeystore(sealed, wrong))).toBe("keystore/wrong-passphrase");
  });

  it("a file that is encrypted to recipients, the owner's own among them", async () => {
    const { recipient } = await newRecipient();
    for (const to of [recipient, await identityToRecipient(auditor.identity)])
      expect(await codeOf(decryptKeystore(await encrypted("{}", { recipient: to }), PASSPHRASE))).toBe(
        "keystore/sealed-for-others",
      );
  });

  it("a damaged file, wherever a bit is turned or bytes are missing", async () => {
    const header = Buffer.from(sealed).indexOf("\n---");
    const key = Buffer.from(sealed).indexOf("\n", Buffer.from(sealed).indexOf("-> scrypt")) + 1;
    const codes = new Set<unknown>();
    for (const at of [0, 8, header + 2, header + 8, header + 60, sealed.length - 40, sealed.length - 1]) {
      const turned = Uint8Array.from(sealed);
      turned[at] = turned[at]! ^ 1;
      codes.add(await codeOf(decryptKeystore(turned, PASSPHRASE)));
    }
    for (const length of [0, 1, 30, key, header, header + 10, sealed.length - 1])
      codes.add(await codeOf(decryptKeystore(sealed.slice(0, length), PASSPHRASE)));
    codes.add(await codeOf(decryptKeystore(Buffer.from('{"schema":"sealpatch.keystore/1"}'), PASSPHRASE)));
    expect([...codes]).toEqual(["keystore/damaged"]);
  });

  it("the encrypted key itself: nobody can tell that from a wrong passphrase, and the error says so", async () => {
    const turned = Buffer.from(sealed);
    const key = turned.indexOf("\n", turned.indexOf("-> scrypt")) + 1;
    turned[key] = turned[key] === 0x41 ? 0x42 : 0x41;
    await expect(decryptKeystore(turned, PASSPHRASE)).rejects.toMatchObject({
      code: "keystore/wrong-passphrase",
      why: expect.stringContaining("changed in the file"),
    });
  });

  it("something else that the passphrase opens; no error repeats it", async () => {
    const good = await contentOf(sealed);
    const SECRET = "not-to-be-repeated";
    const contents = [
      "no JSON",
      "{}",
      JSON.stringify({ ...good, schema: "sealpatch.keystore/2" }),
      JSON.stringify({ ...good, more: SECRET }),
      JSON.stringify({ ...good, role: "guardian" }),
      JSON.stringify({ ...good, role: "council" }),
      JSON.stringify({ ...good, identity: SECRET }),
      JSON.stringify({ ...good, signingKey: `0x${"00".repeat(32)}` }),
      JSON.stringify({ ...good, signingKey: `0x${"11".repeat(31)}` }),
    ];
    for (const content of contents) {
      const error = await decryptKeystore(await encrypted(content), PASSPHRASE).catch((thrown) => thrown);
      expect(error, content).toMatchObject({ code: "keystore/malformed" });
      expect(JSON.stringify(error) + error.stack).not.toMatch(/not-to-be-repeated|AGE-SECRET/);
    }
    const identity = `${auditor.identity.slice(0, -1)}${auditor.identity.endsWith("Q") ? "P" : "Q"}`;
    const wrong = await auditorRegistration({ ...auditor, identity }).catch((thrown) => thrown);
    expect(wrong).toMatchObject({ code: "keystore/malformed" });
    expect(wrong.cause).toBeUndefined();
  });
});

describe("a keystore's file", () => {
  it("T20: is its owner's alone, whole, and never replaced", async () => {
    const path = join(folder, "first.age");
    await assertNoKeystore(path);
    await writeKeystore(path, auditor, PASSPHRASE, QUICK);
    expect(await codeOf(assertNoKeystore(path))).toBe("keystore/exists");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const before = readFileSync(path);
    expect(await codeOf(writeKeystore(path, council, PASSPHRASE, QUICK))).toBe("keystore/exists");
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(["first.age"]);
    expect(await readKeystore(path, PASSPHRASE)).toEqual(auditor);
  });

  it("is refused by its path where nothing can be written or read", async () => {
    const nowhere = join(folder, "no such folder", "a.age");
    expect(await codeOf(writeKeystore(nowhere, council, PASSPHRASE, QUICK))).toBe("keystore/unwritable");
    expect(await codeOf(readKeystore(nowhere, PASSPHRASE))).toBe("keystore/unreadable");
    expect(await codeOf(readKeystore(folder, PASSPHRASE))).toBe("keystore/unreadable");
    const large = join(folder, "large.age");
    writeFileSync(large, Buffer.concat([sealed, new Uint8Array(65_536)]));
    expect(await codeOf(readKeystore(large, PASSPHRASE))).toBe("keystore/unreadable");
  });
});
