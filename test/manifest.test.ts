import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { provingKeyOf, readManifest } from "../src/manifest.js";
import { BUILD, contentPath, userHome } from "../src/places.js";
import { writableHome } from "../src/proof/development-keys.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealpatch-manifest-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

describe("the manifest of a build", () => {
  const refusal = expect.objectContaining({ code: "proof/not-built" });

  it.each([
    ["there is none", undefined],
    ["it is not JSON", "{"],
    ["it is of another kind", "[]"],
    ["it has another schema", JSON.stringify({ schema: "sealpatch.build/0" })],
  ])("is not built where %s", async (_, text) => {
    if (text !== undefined) writeFileSync(join(folder, "manifest.json"), text);
    await expect(readManifest(folder)).rejects.toThrowError(refusal);
  });

  it("names files of its own folder, and a key that is found by its content", async () => {
    const { circuits, contracts } = await readManifest();
    for (const file of [circuits.attest.wasm, circuits.bind.verifier, contracts])
      expect(file.startsWith(join(BUILD, "package"))).toBe(true);
    expect(provingKeyOf(await readManifest(), "bind")).toBe(circuits.bind.zkey);
  });

  it("a key that is nowhere is refused, with the file that is missing", async () => {
    const manifest = await readManifest();
    const zkey = join(folder, "none.zkey");
    const without = {
      ...manifest,
      circuits: { ...manifest.circuits, bind: { ...manifest.circuits.bind, zkey } },
    };
    expect(() => provingKeyOf(without, "bind")).toThrowError(
      expect.objectContaining({ code: "proof/no-key", details: { circuit: "bind", zkey } }),
    );
  });
});

describe("where things are kept", () => {
  it("SEALPATCH_HOME, else the platform's place for data", () => {
    vi.stubEnv("SEALPATCH_HOME", folder);
    expect(userHome()).toBe(folder);
    vi.stubEnv("SEALPATCH_HOME", "");
    vi.stubEnv("XDG_DATA_HOME", "relative/is/ignored");
    if (process.platform === "linux") {
      expect(userHome()).toBe(join(homedir(), ".local/share/sealpatch"));
      vi.stubEnv("XDG_DATA_HOME", folder);
      expect(userHome()).toBe(join(folder, "sealpatch"));
    }
  });

  it("what the build has is taken, whatever the user's home has; anything else is looked for there", () => {
    vi.stubEnv("SEALPATCH_HOME", folder);
    mkdirSync(join(folder, "package"));
    expect(contentPath("package")).toBe(join(BUILD, "package"));
    expect(contentPath("keys/other")).toBe(join(folder, "keys/other"));
  });

  it("a folder that cannot be made is refused, with what is wrong with it", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(await writableHome(join(folder, "a/b"))).toBe(join(folder, "a/b"));
    for (const home of [file, join(file, "below")])
      await expect(writableHome(home)).rejects.toMatchObject({
        code: "key/home-unwritable",
        details: { home, cause: expect.stringMatching(/^E[A-Z]+$/) },
      });
  });
});
