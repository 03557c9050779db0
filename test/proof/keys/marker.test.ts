import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCAL_CHAIN_IDS } from "../../../src/networks.js";
import {
  assertDeployable,
  isDevelopmentKey,
  keyFingerprint,
  makeDevelopmentKey,
  readKeyMarker,
} from "../../../src/proof/keys/index.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { makeCeremonyKey } from "./ceremony.js";

const folder = await scratchFolder();
const { r1csFile } = await compileTestCircuit(folder, "multiplier");
const zkeyFile = join(folder, "multiplier.zkey");
await makeDevelopmentKey({ r1csFile, zkeyFile });
const ceremony = await makeCeremonyKey(folder, r1csFile);

describe("development keys are known as such", () => {
  it("by the marker, with any seed", async () => {
    const other = join(folder, "other.zkey");
    await makeDevelopmentKey({ r1csFile, zkeyFile: other, seed: "another seed" });
    expect(await isDevelopmentKey(zkeyFile)).toBe(true);
    expect(await isDevelopmentKey(other)).toBe(true);
    expect(await readKeyMarker(zkeyFile)).toBe("development");
  });

  it("by the published alpha where the marker was taken out", async () => {
    const bytes = await readFile(zkeyFile);
    const marker = bytes.indexOf("sealpatch-dev");
    bytes.write("innocent-name", marker, "utf8");
    const renamed = join(folder, "renamed.zkey");
    await writeFile(renamed, bytes);
    expect(await isDevelopmentKey(renamed)).toBe(true);
  });

  it("and keys of a ceremony are not taken for one", async () => {
    expect(await isDevelopmentKey(ceremony.finalZkey)).toBe(false);
    expect(await readKeyMarker(ceremony.finalZkey)).toBe("ceremony");
  });

  it("and a file that is no key is refused", async () => {
    await expect(isDevelopmentKey(r1csFile)).rejects.toMatchObject({ code: "key/unreadable" });
    const cut = join(folder, "cut.zkey");
    await writeFile(cut, (await readFile(zkeyFile)).subarray(0, -10));
    await expect(isDevelopmentKey(cut)).rejects.toMatchObject({ code: "key/unreadable" });
  });
});

describe("assertDeployable", () => {
  const refused = { code: "key/development-key" };

  it("refuses development keys on every chain that is not local", async () => {
    for (const chainId of [1n, 10n, 137n, 8453n, 42161n, 11155111n, 17000n, 0n, 1338n, 31338n]) {
      await expect(assertDeployable({ zkeyFile, chainId })).rejects.toMatchObject(refused);
      await expect(assertDeployable({ marker: "development", chainId })).rejects.toMatchObject(refused);
    }
  });

  it("allows them on the local chains only", async () => {
    expect([...LOCAL_CHAIN_IDS].sort()).toEqual([1337n, 31337n].sort());
    for (const chainId of LOCAL_CHAIN_IDS) await assertDeployable({ zkeyFile, chainId });
  });

  it("allows keys of a ceremony everywhere", async () => {
    await assertDeployable({ zkeyFile: ceremony.finalZkey, chainId: 1n });
    await assertDeployable({ marker: "ceremony", chainId: 1n });
  });
});

describe("keyFingerprint", () => {
  it("is the SHA-256 of the file as bytes32", async () => {
    const expected = createHash("sha256")
      .update(await readFile(zkeyFile))
      .digest("hex");
    expect(await keyFingerprint(zkeyFile)).toBe(`0x${expected}`);
  });

  it("refuses a file that is not there", async () => {
    await expect(keyFingerprint(join(folder, "none"))).rejects.toMatchObject({ code: "key/unreadable" });
  });
});
