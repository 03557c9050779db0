import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CircuitName, type Manifest, readManifest } from "../../../src/manifest.js";
import type { RebuiltPatch } from "../../../src/patch/index.js";
import {
  type AttestStatement,
  attestSignals,
  bindSignals,
  type Prover,
  proveBind,
  verifyAttest,
  verifyBind,
} from "../../../src/proof/index.js";
import {
  assertFingerprint,
  checkedVerifyingKey,
  checkVerifyingKey,
  exportVerifyingKey,
  keyFingerprint,
  parseVerifyingKey,
  verifyingKeyOf,
} from "../../../src/proof/keys/index.js";
import { verifyProof } from "../../../src/proof/prover/index.js";
import { bindCaseOfCode, CODE } from "../../digests/cases.js";
import { scratchFolder } from "../circuit.js";
import { trapdoorKey } from "./forgery.js";

const folder = await scratchFolder();
const manifest = await readManifest();

function withFiles(circuit: CircuitName, files: Partial<Manifest["circuits"]["bind"]>): Manifest {
  const { circuits } = manifest;
  return { ...manifest, circuits: { ...circuits, [circuit]: { ...circuits[circuit], ...files } } };
}

const ATTEST: AttestStatement = {
  commitment: 1n,
  auditorRoot: 2n,
  threshold: 3n,
  vectorRoot: 4n,
  maxWaivers: 5n,
  layoutRoot: 6n,
  targetsRoot: 7n,
};

describe("T07: proofs are verified with the key inside the proving key", () => {
  it("which is the one beside it", async () => {
    for (const circuit of ["attest", "bind"] as const) {
      const shown = parseVerifyingKey(await readFile(manifest.circuits[circuit].verifyingKey, "utf8"));
      expect(await checkedVerifyingKey(manifest, circuit)).toEqual(shown);
    }
  });

  it("another one beside it, under which anything can be proven, is refused", async () => {
    const { verifyingKey, forge } = await trapdoorKey(7);
    await checkVerifyingKey(verifyingKey);
    const file = join(folder, "verifying-key.json");
    await writeFile(file, JSON.stringify(verifyingKey));
    const { statement } = bindCaseOfCode();
    const bind = { statement, proof: forge(bindSignals(statement)) };
    const attest = { statement: ATTEST, proof: forge(attestSignals(ATTEST)) };
    expect(await verifyProof(verifyingKey, bindSignals(statement), bind.proof)).toBe(true);

    const refused = { code: "key/other-verifying-key" };
    const verifyingKeyFile = { verifyingKey: file };
    await expect(verifyBind(bind, withFiles("bind", verifyingKeyFile))).rejects.toMatchObject(refused);
    await expect(verifyAttest(attest, withFiles("attest", verifyingKeyFile))).rejects.toMatchObject(refused);
    // Under the keys of the build they prove nothing.
    expect(await verifyBind(bind)).toBe(false);
    expect(await verifyAttest(attest)).toBe(false);
  });

  it("a verifying key that is missing or no key is refused", async () => {
    const refused = { code: "key/malformed" };
    const none = withFiles("bind", { verifyingKey: join(folder, "none.json") });
    await expect(checkedVerifyingKey(none, "bind")).rejects.toMatchObject(refused);
  });
});

describe("T07: without a proving key", () => {
  const none = withFiles("bind", { zkey: join(folder, "none.zkey") });

  it("the file of a development key is enough to verify, which proves nothing anyway", async () => {
    expect(await verifyingKeyOf(none, "bind")).toEqual(await checkedVerifyingKey(manifest, "bind"));
    const { forge } = await trapdoorKey(7);
    const { statement } = bindCaseOfCode();
    expect(await verifyBind({ statement, proof: forge(bindSignals(statement)) }, none)).toBe(false);
  });

  it("no file of another key is taken, nor one that is none", async () => {
    const { verifyingKey } = await trapdoorKey(7);
    const { vk_beta_2, vk_delta_2, IC } = await checkedVerifyingKey(manifest, "bind");
    const cases = [
      [verifyingKey, "proof/no-key"],
      // All but the alpha of the development key.
      [{ ...verifyingKey, vk_beta_2, vk_delta_2, IC }, "key/alphabeta-mismatch"],
      [{}, "key/malformed"],
    ] as const;
    for (const [key, code] of cases) {
      const file = join(folder, "shown.json");
      await writeFile(file, JSON.stringify(key));
      const changed = { ...none.circuits.bind, verifyingKey: file };
      const other = { ...none, circuits: { ...none.circuits, bind: changed } };
      await expect(verifyingKeyOf(other, "bind"), code).rejects.toMatchObject({ code });
    }
  });

  it("nothing is proven", async () => {
    const { opening, statement } = bindCaseOfCode();
    const patch = { commitment: statement.commitment, opening, code: { address: "0x12", code: CODE } };
    await expect(
      proveBind({ patch: patch as Partial<RebuiltPatch> as RebuiltPatch }, { manifest: none }),
    ).rejects.toMatchObject({ code: "proof/no-key" });
  });
});

describe("T07: a proving key is known by its bytes", () => {
  it("one of other bytes is refused before anything is proven or verified with it", async () => {
    const zkey = join(folder, "bind.zkey");
    const bytes = await readFile(manifest.circuits.bind.zkey);
    // The last byte: a point of a later contribution, which no proof needs.
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(zkey, bytes);
    // As a key it is still as good.
    expect(await exportVerifyingKey(zkey)).toEqual(await checkedVerifyingKey(manifest, "bind"));

    const asked: string[] = [];
    const prover: Prover = {
      name: "watched",
      prove: ({ zkeyFile }) => {
        asked.push(zkeyFile);
        return Promise.reject(new Error("it was asked"));
      },
    };
    const { opening, statement } = bindCaseOfCode();
    const patch = {
      commitment: statement.commitment,
      opening,
      code: { address: "0x12", code: CODE },
    } as Partial<RebuiltPatch> as RebuiltPatch;
    const changed = withFiles("bind", { zkey });
    const refused = { code: "key/changed", details: { circuit: "bind", zkeyFile: zkey } };
    await expect(proveBind({ patch }, { manifest: changed, prover })).rejects.toMatchObject(refused);
    await expect(checkedVerifyingKey(changed, "bind")).rejects.toMatchObject(refused);
    expect(asked).toEqual([]);
    await expect(proveBind({ patch }, { manifest, prover })).rejects.toThrow("it was asked");
    expect(asked).toEqual([manifest.circuits.bind.zkey]);
  });

  it("a file that changes after it was looked at is looked at again", async () => {
    const zkey = join(folder, "small.zkey");
    await writeFile(zkey, "one");
    const fingerprint = await keyFingerprint(zkey);
    await assertFingerprint("bind", { zkey, fingerprint });
    await assertFingerprint("bind", { zkey, fingerprint });
    const refused = { code: "key/changed", details: { expected: fingerprint } };
    await writeFile(zkey, "two");
    await expect(assertFingerprint("bind", { zkey, fingerprint })).rejects.toMatchObject(refused);
    await writeFile(join(folder, "other.zkey"), "one");
    await copyFile(join(folder, "other.zkey"), zkey);
    await assertFingerprint("bind", { zkey, fingerprint });
    await expect(
      assertFingerprint("bind", { zkey: join(folder, "none.zkey"), fingerprint }),
    ).rejects.toMatchObject({ code: "key/changed", details: { actual: "none" } });
  });
});
