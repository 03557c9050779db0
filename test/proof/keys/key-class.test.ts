import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  chainsOf,
  exportVerifyingKey,
  hasPublishedAlpha,
  isDevelopmentKey,
  keyFingerprint,
  makeDevelopmentKey,
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
  });

  it("by the published alpha where the marker was taken out", async () => {
    const bytes = await readFile(zkeyFile);
    const marker = bytes.indexOf("sealpatch-dev");
    bytes.write("innocent-name", marker, "utf8");
    const renamed = join(folder, "renamed.zkey");
    await writeFile(renamed, bytes);
    expect(await isDevelopmentKey(renamed)).toBe(true);
  });

  it("and other keys are not taken for one", async () => {
    expect(await isDevelopmentKey(ceremony.finalZkey)).toBe(false);
  });

  it("also by a verifying key, and other keys are not", async () => {
    expect(await hasPublishedAlpha(await exportVerifyingKey(zkeyFile))).toBe(true);
    expect(await hasPublishedAlpha(await exportVerifyingKey(ceremony.finalZkey))).toBe(false);
  });

  it("and a file that is no key is refused", async () => {
    await expect(isDevelopmentKey(r1csFile)).rejects.toMatchObject({ code: "key/unreadable" });
    const cut = join(folder, "cut.zkey");
    await writeFile(cut, (await readFile(zkeyFile)).subarray(0, -10));
    await expect(isDevelopmentKey(cut)).rejects.toMatchObject({ code: "key/unreadable" });
  });
});

describe("chainsOf", () => {
  it("T07, T18: development keys stay on local chains, unproven ones on test chains, production keys go everywhere", () => {
    const local = [31337n, 1337n];
    expect([...chainsOf("development")!]).toEqual(local);
    expect([...chainsOf("test")!]).toEqual([...local, 11155111n, 560048n]);
    expect(chainsOf("production")).toBeUndefined();
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
