import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { setupHash } from "../../src/chain/index.js";
import { checkMachine } from "../../src/doctor/index.js";
import { type Manifest, readManifest } from "../../src/manifest.js";
import { temporaryFolder } from "../project/projects.js";
import { expectOpen, lineOf, open } from "./outcomes.js";

const home = temporaryFolder();
const ENOUGH = { node: "v20.19.0", memory: 2e9, disk: 1e9 };
/** Keys of a machine that has none. */
const withoutKeys = async (): Promise<Manifest> => {
  const manifest = await readManifest();
  const attest = { ...manifest.circuits.attest, zkey: join(home, "none") };
  return { ...manifest, circuits: { ...manifest.circuits, attest } };
};

afterEach(() => vi.unstubAllEnvs());

describe("the doctor, of a machine", () => {
  it("says what it is, and which class its keys have", async () => {
    vi.stubEnv("SEALPATCH_HOME", join(home, "nothing", "there"));
    const findings = await checkMachine({ machine: ENOUGH });
    expect(open(findings)).toEqual([]);
    const hash = setupHash(await readManifest());
    expect(lineOf(findings, "proving keys").detail).toBe(`class development, setup hash ${hash}`);
    expect(lineOf(findings, "key packages").detail).toBe("none is installed");
    expect(lineOf(findings, "Node").detail).toBe("v20.19.0");
  });

  it("looks at the system itself where nothing else is given", async () => {
    const findings = await checkMachine();
    expect(lineOf(findings, "Node").detail).toBe(process.version);
    expect(lineOf(findings, "disk").detail).toMatch(/^[\d,]+ MB of disk are free, proving takes 100$/);
  });

  it.each([
    ["Node", { node: "v20.18.9" }, /^v20\.18\.9, and .*20\.19\.0.* is needed$/],
    ["memory", { memory: 1.1e9 }, /^1,100 MB of memory are free, proving takes 1,200$/],
    ["disk", { disk: 9e7 }, /^90 MB of disk are free, proving takes 100$/],
  ] as const)("%s that is not enough is a finding of its own", async (name, machine, detail) => {
    expectOpen(await checkMachine({ machine: { ...ENOUGH, ...machine } }), {
      name,
      outcome: "fails",
      detail,
    });
  });

  it("keys that are not there fail, and need room on the disk", async () => {
    const manifest = await withoutKeys();
    const findings = await checkMachine({ manifest, machine: ENOUGH });
    expectOpen(findings, {
      name: "proving keys",
      outcome: "fails",
      detail: /^the proving key of attest is not/,
    });
    expect(lineOf(findings, "proving keys")).toMatchObject({ code: "proof/no-key" });
    const little = await checkMachine({ manifest, machine: { ...ENOUGH, disk: 4e8 } });
    expect(open(little)).toEqual(["disk", "proving keys"]);
  });

  it("a key package that is broken fails", async () => {
    vi.stubEnv("SEALPATCH_HOME", home);
    mkdirSync(join(home, "keys", "0123456789abcdef"), { recursive: true });
    const findings = await checkMachine({ machine: ENOUGH });
    expectOpen(findings, { name: "key packages", outcome: "fails", detail: /key package/ });
  });
});
