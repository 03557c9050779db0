import { appendFile, cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CeremonyRecord } from "../../src/ceremony/forms.js";
import { assertDeployable, keyClassOf, openKeyPackage } from "../../src/ceremony/index.js";
import { packageFiles } from "../../src/ceremony/package-files.js";
import { readManifest } from "../../src/manifest.js";
import { checkedProvingKey, makeDevelopmentKey } from "../../src/proof/keys/index.js";
import { compileTestCircuit, scratchFolder } from "../proof/circuit.js";
import { makeCeremonyKey } from "../proof/keys/ceremony.js";
import { MULTIPLIERS, writeChecksums, writePackage } from "./made-package.js";

const circuits = MULTIPLIERS;
const folder = await scratchFolder();
const { r1csFile } = await compileTestCircuit(folder, "multiplier");
const { finalZkey: alone } = await makeCeremonyKey(folder, r1csFile);
const development = join(folder, "development.zkey");
await makeDevelopmentKey({ r1csFile, zkeyFile: development });
const good = join(folder, "good");
const record = await writePackage(good, { keys: [alone, alone] });

let made = 0;
async function changed(change: (copy: string) => Promise<unknown>): Promise<string> {
  const copy = join(folder, `changed-${made++}`);
  await cp(good, copy, { recursive: true });
  await change(copy);
  return copy;
}

describe("openKeyPackage", () => {
  it("gives the keys of the package, with witness calculators and contracts of this release", async () => {
    const manifest = await openKeyPackage(good, { circuits });
    const release = await readManifest();
    expect(manifest.circuits.bind).toEqual({
      wasm: release.circuits.bind.wasm,
      zkey: join(good, "bind.zkey"),
      verifyingKey: join(good, "bind.verifying-key.json"),
      verifier: join(good, "BindVerifier.sol"),
      fingerprint: `0x${record.keys.bind!.provingKey}`,
    });
    expect(manifest).toMatchObject({ schema: release.schema, contracts: release.contracts });
    expect(await checkedProvingKey(manifest, "attest")).toBe(join(good, "attest.zkey"));
  });

  it("gives what nobody can change afterwards", async () => {
    const manifest = await openKeyPackage(good, { circuits });
    expect(() => Object.assign(manifest.circuits.attest, { zkey: "other" })).toThrow(TypeError);
    expect(() => Object.assign(manifest.circuits, { attest: {} })).toThrow(TypeError);
    expect(() => Object.assign(manifest, { circuits: {} })).toThrow(TypeError);
  });

  it("refuses a folder that is no key package", async () => {
    for (const other of [folder, join(folder, "none")])
      await expect(openKeyPackage(other, { circuits })).rejects.toMatchObject({ code: "key/no-package" });
    const broken = await changed((copy) => writeFile(join(copy, "record.json"), "{}"));
    await expect(openKeyPackage(broken, { circuits })).rejects.toMatchObject({ code: "ceremony/bad-record" });
  });

  it("refuses a package of which any file is missing", async () => {
    for (const file of packageFiles(record).filter((name) => name !== "record.json")) {
      const other = await changed((copy) => rm(join(copy, file)));
      await expect(openKeyPackage(other, { circuits })).rejects.toMatchObject({
        code: "key/package-changed",
        details: { file },
      });
    }
    expect((await readdir(good, { recursive: true })).sort()).toEqual(
      [...packageFiles(record), "attestations"].sort(),
    );
  });

  it("refuses a package of which any file was changed, also where the checksums were made anew", async () => {
    for (const file of packageFiles(record).filter((name) => name.includes("."))) {
      for (const anew of [false, true]) {
        if (anew && file === "record.json") continue;
        const other = await changed(async (copy) => {
          // A space stays JSON and Solidity.
          await appendFile(join(copy, file), " ");
          if (anew) await writeChecksums(copy, record);
        });
        const bySums = file.endsWith("record.json") || file.startsWith("attestations/");
        const opening = openKeyPackage(other, { circuits });
        // An attestation may stand with another space: what it says is the record's.
        if (anew && bySums) await opening;
        else {
          const details = { file: bySums ? "SHA256SUMS" : file };
          await expect(opening).rejects.toMatchObject({ code: "key/package-changed", details });
        }
      }
    }
  });

  it("refuses an attestation that is not the record's, checksums and all", async () => {
    const file = "attestations/0001.json";
    const other = await changed(async (copy) => {
      const text = await readFile(join(copy, file), "utf8");
      await writeFile(join(copy, file), text.replace('"first"', '"second"'));
      await writeChecksums(copy, record);
    });
    const refusal = { code: "key/package-changed", details: { file } };
    await expect(openKeyPackage(other, { circuits })).rejects.toMatchObject(refusal);
  });

  it("refuses a record whose setup hash is that of other keys", async () => {
    const other = join(folder, "other-setup");
    const setupHash = `0x${"12".repeat(32)}`;
    await writePackage(other, { keys: [alone, alone], change: (whole) => ({ ...whole, setupHash }) });
    const refusal = { code: "key/package-changed", details: { file: "record.json" } };
    await expect(openKeyPackage(other, { circuits })).rejects.toMatchObject(refusal);
  });

  it("T18: refuses keys for other circuits: more, fewer, of other sources, under another verifier", async () => {
    await expect(openKeyPackage(good)).rejects.toMatchObject({ code: "key/other-circuits" });
    const announce = (
      change: (of: CeremonyRecord["announcement"]["circuits"]) => void,
      keys = record.keys,
    ): CeremonyRecord => {
      const whole = structuredClone(record);
      change(whole.announcement.circuits);
      return { ...whole, keys };
    };
    const attest = record.keys.attest!;
    const bind = record.keys.bind!;
    const others: [CeremonyRecord, object][] = [
      [announce((of) => Object.assign(of, { more: of.bind }), { ...record.keys, more: bind }), {}],
      [announce((of) => delete of.bind, { attest }), {}],
      [announce((of) => delete of.bind), {}],
      [announce(() => {}, { attest }), {}],
      [announce((of) => Object.assign(of.bind!, { source: "circuits/bind.circom" })), { circuit: "bind" }],
      [announce((of) => Object.assign(of.bind!, { verifier: "OtherVerifier" })), { circuit: "bind" }],
      [
        announce((of) => Object.assign(of.attest!.sources, { "circuits/lib/more.circom": "ab".repeat(32) })),
        { circuit: "attest", file: "circuits/lib/more.circom" },
      ],
      [
        announce((of) => Object.assign(of.attest!, { sources: {} })),
        { circuit: "attest", file: "test/proof/circuits/multiplier.circom" },
      ],
      [
        announce((of) => {
          for (const name of Object.keys(of.bind!.sources)) of.bind!.sources[name] = "ab".repeat(32);
        }),
        { circuit: "bind", file: "test/proof/circuits/multiplier.circom" },
      ],
    ];
    for (const [other, details] of others) {
      const at = await changed((copy) => writeFile(join(copy, "record.json"), JSON.stringify(other)));
      const refusal = { code: "key/other-circuits", details };
      await expect(openKeyPackage(at, { circuits })).rejects.toMatchObject(refusal);
    }
  });

  it("T07: refuses a verifier of another class than the record states, and one of another key", async () => {
    const withRecord = (change: (whole: CeremonyRecord) => CeremonyRecord) =>
      changed(async (copy) => {
        const whole = change(structuredClone(record));
        await writeFile(join(copy, "record.json"), JSON.stringify(whole));
        await writeChecksums(copy, whole);
      });
    const raised = await withRecord((whole) => ({ ...whole, class: "production" }));
    await expect(openKeyPackage(raised, { circuits })).rejects.toMatchObject({
      code: "key/verifier-mismatch",
    });
    const mixed = join(folder, "mixed");
    const { keys } = await writePackage(mixed, { keys: [alone, development] });
    const swapped = await changed(async (copy) => {
      const whole = structuredClone(record);
      whole.keys.bind!.verifyingKey = keys.bind!.verifyingKey;
      await cp(join(mixed, "bind.verifying-key.json"), join(copy, "bind.verifying-key.json"));
      await writeFile(join(copy, "record.json"), JSON.stringify(whole));
      await writeChecksums(copy, whole);
    });
    const refusal = { code: "key/other-verifying-key" };
    await expect(openKeyPackage(swapped, { circuits })).rejects.toMatchObject(refusal);
  });
});

describe("T07, T18: the class of a key is not what a file says", () => {
  const elsewhere = [1n, 10n, 137n, 8453n, 42161n, 17000n, 0n, 1338n, 31338n];
  const tests = [11155111n, 560048n];
  const local = [31337n, 1337n];

  it("the keys of the build are development keys, and stay on local chains", async () => {
    const manifest = await readManifest();
    expect(await keyClassOf(manifest)).toBe("development");
    for (const chainId of local) await assertDeployable({ manifest, chainId });
    for (const chainId of [...tests, ...elsewhere]) {
      const refusal = { code: "key/development-key", details: { chainId } };
      await expect(assertDeployable({ manifest, chainId })).rejects.toMatchObject(refusal);
    }
  });

  it("a key that somebody made alone is refused off local chains and test networks, whatever its record says", async () => {
    const claimed = join(folder, "claimed");
    await writePackage(claimed, { keys: [alone, alone], recordClass: "production" });
    for (const at of [good, claimed]) {
      const manifest = await openKeyPackage(at, { circuits });
      expect(await keyClassOf(manifest)).toBe("test");
      for (const chainId of [...local, ...tests]) await assertDeployable({ manifest, chainId });
      for (const chainId of elsewhere) {
        const refusal = { code: "key/class-not-proven", details: { chainId } };
        await expect(assertDeployable({ manifest, chainId })).rejects.toMatchObject(refusal);
      }
    }
  });

  it("a development key in a package stays one, beside whatever other key", async () => {
    const mixed = join(folder, "with-development");
    await writePackage(mixed, { keys: [alone, development], recordClass: "production" });
    const manifest = await openKeyPackage(mixed, { circuits });
    expect(await keyClassOf(manifest)).toBe("development");
    const refusal = { code: "key/development-key" };
    await expect(assertDeployable({ manifest, chainId: 11155111n })).rejects.toMatchObject(refusal);
  });

  it("without proving keys, the development keys alone have one", async () => {
    const manifest = await readManifest();
    const { attest, bind } = manifest.circuits;
    const zkey = join(folder, "none.zkey");
    const without = { attest: { ...attest, zkey }, bind: { ...bind, zkey } };
    expect(await keyClassOf({ ...manifest, circuits: without })).toBe("development");
    const opened = await openKeyPackage(await changed(async () => {}), { circuits });
    const gone = { attest: { ...opened.circuits.attest, zkey }, bind: { ...opened.circuits.bind, zkey } };
    await expect(keyClassOf({ ...opened, circuits: gone })).rejects.toMatchObject({ code: "proof/no-key" });
  });

  it("a key that was changed after it was opened has no class", async () => {
    const other = await changed(async () => {});
    const manifest = await openKeyPackage(other, { circuits });
    await appendFile(join(other, "bind.zkey"), " ");
    await expect(keyClassOf(manifest)).rejects.toMatchObject({ code: "key/changed" });
  });
});
