import { appendFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { ZeroAddress } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CeremonyRecord } from "../../src/ceremony/forms.js";
import { PRODUCT_CIRCUITS } from "../../src/ceremony/index.js";
import { deployTimelock, deployVerifier, providerOf, setupHash } from "../../src/chain/index.js";
import { programFor } from "../../src/cli/program.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { readManifest } from "../../src/manifest.js";
import { writePackage } from "../ceremony/made-package.js";
import { BOUNDS } from "../chain/bounds.js";
import { compileTestCircuit, scratchFolder } from "../proof/circuit.js";
import { makeCeremonyKey } from "../proof/keys/ceremony.js";
import { sealpatch } from "./sealpatch.js";

const scratch = await scratchFolder();
const home = join(scratch, "home");
const folder = join(scratch, "package");
let record: CeremonyRecord;
let powersOfTau: string;

beforeAll(async () => {
  const { r1csFile } = await compileTestCircuit(scratch, "multiplier");
  const { finalZkey, ptau } = await makeCeremonyKey(scratch, r1csFile);
  powersOfTau = ptau;
  // It says of a key of another circuit that it is the product's: only a verification of the ceremony finds that.
  record = await writePackage(folder, { keys: [finalZkey, finalZkey], circuits: PRODUCT_CIRCUITS });
});

beforeEach(async () => {
  process.env.SEALPATCH_HOME = home;
  await rm(home, { recursive: true, force: true });
});

describe("sealpatch keys", () => {
  it("adds, lists and shows a key package", async () => {
    expect(await sealpatch("keys", "list")).toMatchObject({
      code: 0,
      stdout: "no key package is installed\n",
    });
    const added = await sealpatch("keys", "add", folder, "--json");
    const expected = {
      setupHash: record.setupHash,
      folder: join(home, "keys", record.setupHash.slice(2, 18)),
      recordedClass: "test",
      circuits: ["attest", "bind"],
      contributors: ["first"],
    };
    expect([added.code, JSON.parse(added.stdout)]).toEqual([0, { ...expected, added: true }]);
    expect((await sealpatch("keys", "add", folder)).stdout).toMatch(/^already installed\n0x/);
    const listed = await sealpatch("keys", "list", "--json");
    expect([listed.code, JSON.parse(listed.stdout)]).toEqual([0, { keys: [expected] }]);
    for (const prefix of [[], [record.setupHash.slice(0, 8)]]) {
      const shown = await sealpatch("keys", "show", ...prefix, "--json");
      const json = { ...expected, provenClass: null, checks: [] };
      expect([shown.code, JSON.parse(shown.stdout)]).toEqual([0, json]);
    }
    const { stdout } = await sealpatch("keys", "show");
    expect(stdout).toContain("  record states  class test\n");
    expect(stdout).toContain("It is proven by `--ptau FILE` alone.");
  });

  it("T07, T18: proves the class with powers of tau alone, and ends with 1 where a check fails", async () => {
    await sealpatch("keys", "add", folder);
    const { code, stdout } = await sealpatch("keys", "show", "--ptau", powersOfTau, "--json");
    const { provenClass, checks } = JSON.parse(stdout);
    expect([code, provenClass]).toEqual([1, "test"]);
    expect(checks).toContainEqual({
      name: "announcement",
      outcome: "holds",
      detail: expect.stringMatching(/^attest, bind; SHA-256 /),
    });
    expect(checks).toContainEqual({
      name: "contributions to bind",
      outcome: "fails",
      detail: expect.any(String),
    });
    const text = await sealpatch("keys", "show", "--ptau", powersOfTau);
    expect(text.stdout).toMatch(/^fails {8}contributions to bind$/m);
    expect(text.stdout).toMatch(/^proven class: test$/m);
  });

  it("refuses what is no package, what was changed, and what is not installed", async () => {
    const refusal = async (...args: string[]) => {
      const { code, stdout } = await sealpatch("keys", ...args, "--json");
      return [code, JSON.parse(stdout).error];
    };
    expect(await refusal("add", scratch)).toMatchObject([1, { code: "key/no-package" }]);
    expect(await refusal("show")).toMatchObject([
      1,
      { code: "key/not-installed", remedy: expect.stringContaining("sealpatch keys add PACKAGE") },
    ]);
    await sealpatch("keys", "add", folder);
    expect(await refusal("show", "0xnone")).toMatchObject([1, { code: "key/not-installed" }]);
    await appendFile(join(home, "keys", record.setupHash.slice(2, 18), "bind.zkey"), " ");
    expect(await refusal("add", folder)).toMatchObject([1, { code: "key/other-keys-installed" }]);
  });
});

describe("sealpatch doctor", () => {
  let anvil: Anvil;
  let timelock: string;

  beforeAll(async () => {
    anvil = await startAnvil();
    const provider = providerOf(anvil.url);
    const signer = await provider.getSigner(0);
    const verifier = await (await deployVerifier(signer)).getAddress();
    const all = [signer.address];
    const roles = { proposers: all, executors: all, council: all, guardians: all, admin: ZeroAddress };
    const contract = await deployTimelock(signer, { minDelay: 10, roles, bounds: BOUNDS, verifier });
    timelock = await contract.getAddress();
    provider.destroy();
  });
  afterAll(() => anvil?.stop());

  const doctor = (...args: string[]) => sealpatch("doctor", "--rpc", anvil.url, ...args);

  it("T07, T18: says which keys, of which class, and one line a check", async () => {
    const { code, stdout } = await doctor("--timelock", timelock, "--json");
    const { checks, ...keys } = JSON.parse(stdout);
    expect(code).toBe(0);
    const manifest = await readManifest();
    expect(keys).toEqual({
      timelock: timelock.toLowerCase(),
      setupHash: setupHash(manifest),
      keyClass: "development",
    });
    expect(new Set(checks.map(({ outcome }: { outcome: string }) => outcome))).toEqual(new Set(["holds"]));
    const text = (await doctor("--timelock", timelock)).stdout;
    expect(text).toContain(`keys ${setupHash(manifest)}, class development\n`);
    expect(text).toMatch(/^holds {8}forged proof of bind$/m);
  });

  it("ends with 1 where a check fails, and with the keys of others", async () => {
    expect(await doctor("--timelock", ZeroAddress)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^fails {8}code of FastTrackTimelock$/m),
    });
    await sealpatch("keys", "add", folder);
    const others = await doctor("--timelock", timelock, "--keys", record.setupHash.slice(0, 6), "--json");
    expect([others.code, JSON.parse(others.stdout)]).toMatchObject([
      1,
      { setupHash: record.setupHash, keyClass: "test" },
    ]);
  });

  it("ends with 2 where the command line is wrong", async () => {
    for (const args of [
      ["--rpc", "file:///etc/hosts", "--timelock", timelock],
      ["--rpc", "nowhere", "--timelock", timelock],
      ["--timelock", "0x12"],
      ["--timelock", timelock, "--ptau", "some.ptau"],
      [],
    ])
      expect((await doctor(...args)).code).toBe(2);
  });
});

describe("T18: the powers of tau and the beacon of a production key", () => {
  it("are no option, no configuration and no variable of any command", async () => {
    const flags: string[] = [];
    const visit = (command: Command): void => {
      for (const { flags: each, envVar } of command.options) flags.push(each, envVar ?? "");
      for (const child of command.commands) visit(child);
    };
    visit(await programFor([]));
    expect(flags.length).toBeGreaterThan(40);
    const about = flags.filter((flag) => /pin|beacon/i.test(flag));
    // `--unpinned` takes others, and makes a test key of it; the round is of quicknet.
    expect(about.filter((flag) => !/^--unpinned$|^--beacon-round /.test(flag))).toEqual([]);
    const files = (await readdir("src/cli", { recursive: true })).filter((name) => name.endsWith(".ts"));
    for (const name of files)
      expect(await readFile(join("src/cli", name), "utf8"), name).not.toMatch(
        /\b(pinned|beaconChain)\s*[:,}]/,
      );
    // What tests change is handed to the commands by tests alone.
    expect(await readFile("src/cli/program.ts", "utf8")).toContain("ceremonyCommand()]");
    for (const name of await readdir("src/ceremony"))
      expect(await readFile(join("src/ceremony", name), "utf8"), name).not.toMatch(/\benv\b/);
  });
});
