import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encryptKeystoreJson, Wallet } from "ethers";
import { describe, expect, it } from "vitest";
import { encryptKeystore, newCouncilKeystore, readAccount } from "../../src/keystore/index.js";
import { temporaryFolder } from "../project/projects.js";

const PASSPHRASE = "correct horse battery staple";
const folder = temporaryFolder();
const { address, privateKey } = Wallet.createRandom();
const text = await encryptKeystoreJson({ address, privateKey }, PASSPHRASE, { scrypt: { N: 1024 } });

/** The test vector of the Web3 Secret Storage Definition for pbkdf2, with its passphrase `testpassword`. */
const PBKDF2 = {
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
    ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
    kdf: "pbkdf2",
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: "hmac-sha256",
      salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
    },
    mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
  },
  id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
  version: 3,
};

function open(content: string | Uint8Array, passphrase = PASSPHRASE): Promise<Wallet> {
  const file = join(folder, "account.json");
  writeFileSync(file, content);
  return readAccount(file, passphrase);
}

/** The keystore with some of its members changed. */
function changed(change: (json: Record<string, never>) => void): string {
  const json = JSON.parse(text);
  change(json);
  return JSON.stringify(json);
}

describe("the keystore of an account", () => {
  it("gives the account, from scrypt and from pbkdf2", async () => {
    expect((await open(text)).address).toBe(address);
    const published = await open(JSON.stringify(PBKDF2), "testpassword");
    expect(published.privateKey).toBe("0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d");
  });

  it("of another passphrase, damaged, and of another kind are three errors", async () => {
    const sealed = await encryptKeystore(await newCouncilKeystore("member"), PASSPHRASE, { workFactor: 10 });
    const cases: [string, string | Uint8Array, string, string?][] = [
      ["another passphrase", text, "keystore/wrong-passphrase", "another"],
      ["an empty passphrase", text, "keystore/wrong-passphrase", ""],
      ["a council member's", sealed, "keystore/not-an-account"],
      ["a key in clear", privateKey, "keystore/not-an-account"],
      ["nothing", "", "keystore/not-an-account"],
      ["null", "null", "keystore/not-an-account"],
      ["another version", changed((json) => Object.assign(json, { version: 1 })), "keystore/not-an-account"],
      ["half of it", text.slice(0, text.length / 2), "keystore/not-an-account"],
      ["no cipher", '{"version":3}', "keystore/damaged"],
      ["crypto of another kind", '{"version":3,"crypto":[]}', "keystore/damaged"],
      [
        "another account's address",
        text.replace(/"address":"....../, '"address":"aaaaaa'),
        "keystore/damaged",
      ],
      ["a short ciphertext", text.replace(/"ciphertext":"../, '"ciphertext":"'), "keystore/wrong-passphrase"],
      ["an unknown cipher", text.replace("aes-128-ctr", "rot13"), "keystore/damaged"],
      ["work without end", text.replace('"n":1024', '"n":1073741824'), "keystore/damaged"],
      ["rounds without end", JSON.stringify(PBKDF2).replace("262144", "4294967296"), "keystore/damaged"],
      ["a work that is no power of two", text.replace('"n":1024', '"n":1023'), "keystore/damaged"],
      ["too large a file", "x".repeat(70_000), "keystore/unreadable"],
    ];
    for (const [name, content, code, passphrase] of cases) {
      const error = await open(content, passphrase).catch((thrown: unknown) => thrown);
      expect(error, name).toMatchObject({ code });
      const shown = JSON.stringify(error) + String((error as Error).stack);
      expect(shown, name).not.toMatch(new RegExp(`${privateKey.slice(2)}|horse`));
      expect((error as Error).cause, name).toBeUndefined();
    }
    await expect(readAccount(join(folder, "nowhere"), PASSPHRASE)).rejects.toMatchObject({
      code: "keystore/unreadable",
    });
  });
});
