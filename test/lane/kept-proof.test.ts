import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newRecipient } from "../../src/age.js";
import { BIND, keptProof } from "../../src/lane/kept-proof.js";
import { readManifest } from "../../src/manifest.js";
import { encryptText } from "../../src/patch/index.js";
import { bindProofToJson } from "../../src/proof/index.js";
import { buildForgeFixture } from "../../tools/build/fixtures.js";
import { temporaryFolder } from "../project/projects.js";
import { bindProofOf } from "./replayed-lane.js";

const recorded = JSON.parse(await readFile(await buildForgeFixture(), "utf8"));
const proven = bindProofOf(recorded);
const manifest = await readManifest();
const { identity, recipient } = await newRecipient();
const ROOT = temporaryFolder();
let count = 0;

/** A state folder, and how often its user had to prove. */
function keeper(folder = join(ROOT, String(count++)), own = identity) {
  mkdirSync(folder, { recursive: true });
  let made = 0;
  const prove = async () => {
    made++;
    return proven;
  };
  const keep = () => keptProof(BIND, proven.statement, { state: { folder }, identity: own, manifest }, prove);
  return { folder, keep, made: () => made, file: () => join(folder, readdirSync(folder)[0]!) };
}

describe("a proof that is kept", () => {
  it("is made once, and lies encrypted to its maker", async () => {
    const { keep, made, file } = keeper();
    expect(await keep()).toEqual({ proven, isNew: true });
    expect(await keep()).toEqual({ proven, isNew: false });
    expect(made()).toBe(1);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readFileSync(file(), "latin1")).toMatch(/^age-encryption/);
    expect(readFileSync(file(), "latin1")).not.toContain(String(proven.proof.pi_a[0]));
  });

  it("is made again where what is kept does not verify, is of another statement, or cannot be opened", async () => {
    const other = { ...proven, statement: { ...proven.statement, layoutRoot: 1n } };
    const bad = { ...proven, proof: { ...proven.proof, pi_a: [...proven.proof.pi_c] } } as typeof proven;
    const sealed = (text: string) => encryptText(text, [recipient]);
    const kept: [string, Uint8Array | string][] = [
      ["nothing", ""],
      ["no proof", await sealed("{}")],
      ["another statement", await sealed(JSON.stringify(bindProofToJson(other)))],
      ["a proof that does not verify", await sealed(JSON.stringify(bindProofToJson(bad)))],
    ];
    for (const [name, content] of kept) {
      const { keep, made, file } = keeper();
      await keep();
      writeFileSync(file(), content);
      expect((await keep()).isNew, name).toBe(true);
      expect(made(), name).toBe(2);
    }
    const mine = keeper();
    await mine.keep();
    const others = keeper(mine.folder, (await newRecipient()).identity);
    expect(await others.keep()).toMatchObject({ isNew: true });
  });

  it("is refused where the prover made one that does not verify, and is not kept", async () => {
    const folder = join(ROOT, String(count++));
    mkdirSync(folder);
    const bad = { ...proven, proof: { ...proven.proof, pi_a: proven.proof.pi_c } };
    const other = { ...proven, statement: { ...proven.statement, layoutRoot: 1n } };
    for (const made of [bad, other]) {
      const keeping = { state: { folder }, identity, manifest };
      await expect(keptProof(BIND, proven.statement, keeping, async () => made)).rejects.toMatchObject({
        code: "proof/does-not-verify",
      });
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});
