import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/manifest.js";
import { writePackage } from "../../tools/build/package.js";
import { scratchFolder } from "../proof/circuit.js";

const scratch = await scratchFolder();

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(scratch, name), text);
  return join(scratch, name);
}

async function parts(verifier: string) {
  await mkdir(join(scratch, "group"), { recursive: true });
  await file("group/One.json", "{}");
  const circuit = async (name: string) => ({
    wasmFile: await file(`${name}.calculator`, name),
    key: {
      zkeyFile: join(scratch, `${name}.zkey`),
      verifyingKeyFile: await file(`${name}.key`, "{}"),
      fingerprint: `0x${"12".repeat(32)}`,
    },
  });
  return {
    circuits: { attest: await circuit("attest"), bind: await circuit("bind") },
    verifiers: { AttestVerifier: verifier, BindVerifier: "two" },
    contracts: [join(scratch, "group")],
  };
}

describe("what the package ships", () => {
  const folder = join(scratch, "package");
  const shipped = () => stat(folder, { bigint: true }).then(({ ino }) => ino);

  it("stays where it is what was built, and is written anew where any file of it is another", async () => {
    await writePackage(await parts("one"), folder);
    const first = await shipped();
    const { content } = await readManifest(folder);
    await writePackage(await parts("one"), folder);
    expect(await shipped()).toBe(first);

    for (const name of [
      "bind.wasm",
      "attest.verifying-key.json",
      "AttestVerifier.sol",
      "contracts/One.json",
    ]) {
      const path = join(folder, name);
      const text = await readFile(path, "utf8");
      await writeFile(path, "something else");
      await writePackage(await parts("one"), folder);
      expect(await readFile(path, "utf8"), name).toBe(text);
    }
    await writeFile(join(folder, "contracts", "Added.json"), "{}");
    await writePackage(await parts("one"), folder);
    expect(await readdir(join(folder, "contracts"))).toEqual(["One.json"]);
    expect((await readManifest(folder)).content).toBe(content);
    expect((await readdir(scratch)).filter((name) => name.startsWith("package."))).toEqual([]);
  });

  it("has another content where one file is another", async () => {
    const { content } = await readManifest(folder);
    await writePackage(await parts("other"), folder);
    expect((await readManifest(folder)).content).not.toBe(content);
  });
});
