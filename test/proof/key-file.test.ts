import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FIELD_ORDER } from "../../src/field/index.js";
import { type Manifest, readManifest } from "../../src/manifest.js";
import {
  type AttestStatement,
  type Proven,
  verifyAttest,
  verifyAttestByKeyFile,
} from "../../src/proof/index.js";
import { buildForgeFixture } from "../../tools/build/fixtures.js";
import { attestProofOf } from "../lane/replayed-lane.js";

let proven: Proven<AttestStatement>;
let manifest: Manifest;
const scratch = mkdtempSync(join(tmpdir(), "sealpatch-key-file-"));

beforeAll(async () => {
  proven = attestProofOf(JSON.parse(readFileSync(await buildForgeFixture(), "utf8")));
  manifest = await readManifest();
}, 600_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The manifest with another file in place of the verifying key, and no proving key. */
function withKey(change: (key: Record<string, unknown>) => object | string): Manifest {
  const { attest } = manifest.circuits;
  const changed = change(JSON.parse(readFileSync(attest.verifyingKey, "utf8")));
  const file = join(scratch, "key.json");
  writeFileSync(file, typeof changed === "string" ? changed : JSON.stringify(changed));
  const other = { ...attest, verifyingKey: file, zkey: join(scratch, "none.zkey") };
  return { ...manifest, circuits: { ...manifest.circuits, attest: other } };
}

describe("a proof by the file of the verifying key", () => {
  it("is valid without a proving key, and as the proving key says", async () => {
    expect(await verifyAttestByKeyFile(proven)).toBe(true);
    expect(
      await verifyAttestByKeyFile(
        proven,
        withKey((key) => key),
      ),
    ).toBe(true);
    expect(await verifyAttest(proven)).toBe(true);
  });

  it("is not of another statement, in any of its signals", async () => {
    for (const [name, value] of Object.entries(proven.statement)) {
      const other = { ...proven.statement, [name]: value + 1n };
      expect(await verifyAttestByKeyFile({ ...proven, statement: other }), name).toBe(false);
      // No element of the field, be it refused as that or as no valid proof.
      const beyond = { ...proven, statement: { ...proven.statement, [name]: value + FIELD_ORDER } };
      const answer = await verifyAttestByKeyFile(beyond).catch(({ code }) => code);
      expect([false, "field/out-of-range"], name).toContain(answer);
    }
  });

  it.each([
    ["no file", () => "", "key/malformed"],
    ["an IC point less", (key) => ({ ...key, IC: (key.IC as []).slice(1) }), "key/wrong-ic-length"],
    ["gamma for delta", (key) => ({ ...key, vk_delta_2: key.vk_gamma_2 }), "key/gamma-equals-delta"],
    ["delta for gamma", (key) => ({ ...key, vk_gamma_2: key.vk_beta_2 }), "key/gamma-not-generator"],
    ["gamma for beta", (key) => ({ ...key, vk_beta_2: key.vk_gamma_2 }), "key/trivial-beta"],
    ["the generator for alpha", (key) => ({ ...key, vk_alpha_1: ["1", "2", "1"] }), "key/trivial-alpha"],
    [
      "a point twice",
      (key) => {
        const [first, second, , ...rest] = key.IC as object[];
        return { ...key, IC: [first, second, second, ...rest] };
      },
      "key/repeated-ic-point",
    ],
  ] as [string, (key: Record<string, unknown>) => object | string, string][])(
    "T07: a key with %s is refused",
    async (_, change, code) => {
      await expect(verifyAttestByKeyFile(proven, withKey(change))).rejects.toMatchObject({ code });
    },
  );

  it("T07: with a point of the key off its curve nothing holds", async () => {
    const changed = withKey((key) => ({ ...key, vk_alpha_1: ["5", "3", "1"] }));
    expect(await verifyAttestByKeyFile(proven, changed)).toBe(false);
  });
});
