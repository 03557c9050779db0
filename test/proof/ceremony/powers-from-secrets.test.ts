import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Group } from "ffjavascript";
import { powersOfTau, zKey } from "snarkjs";
import { expect, it } from "vitest";
import { FIELD_ORDER } from "../../../src/field/index.js";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import { readPowersOfTau } from "../../../src/proof/keys/ceremony/index.js";
import { writeInitialKey, writePowersOfTau } from "../../../src/proof/keys/ceremony/rehearsal/index.js";
import { developmentSecrets } from "../../../src/proof/keys/development-secrets.js";
import { SectionFile } from "../../../src/proof/keys/section-file.js";
import { pointBytes } from "../../../src/proof/keys/transcript.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { readSections } from "./key-files.js";

const folder = await scratchFolder();
const secrets = developmentSecrets("powers of tau");
const at = (name: string) => join(folder, name);

/** Sections 1 to 7 of a prepared file. */
async function unprepared(prepared: Buffer): Promise<string> {
  let end = 12;
  for (let section = 0; section < 7; section++) end += 12 + Number(prepared.readBigUInt64LE(end + 4));
  const bytes = Buffer.from(prepared.subarray(0, end));
  bytes.writeUInt32LE(7, 8);
  await writeFile(at("unprepared.ptau"), bytes);
  return at("unprepared.ptau");
}

it.each([1, 6])(
  "powers of tau from known secrets are what snarkjs prepares of them (2^%i)",
  async (power) => {
    const path = at("prepared.ptau");
    await writePowersOfTau(path, { power, ...secrets });
    expect(await readPowersOfTau(path)).toMatchObject({ power });
    const bytes = await readFile(path);
    const powers = await unprepared(bytes);
    await withCurve(() => powersOfTau.preparePhase2(powers, at("again.ptau")));
    expect(bytes.equals(await readFile(at("again.ptau")))).toBe(true);
  },
);

it("powers of tau from known secrets are those of tau, alpha and beta, and snarkjs makes keys of them", async () => {
  const { G1, G2 } = await singleThreadCurve();
  const { tau, alpha, beta } = secrets;
  const path = at("small.ptau");
  await writePowersOfTau(path, { power: 5, ...secrets });
  const sections: [number, Group, bigint, number][] = [
    [2, G1, 1n, 63],
    [3, G2, 1n, 32],
    [4, G1, alpha, 32],
    [5, G1, beta, 32],
    [6, G2, beta, 1],
  ];
  const file = await SectionFile.open(path, "ptau");
  for (const [id, group, first, count] of sections) {
    const points = Array.from({ length: count }, (_, i) =>
      pointBytes(group, group.timesScalar(group.g, (first * tau ** BigInt(i)) % FIELD_ORDER)),
    );
    expect(Buffer.concat(points).equals(await file.read(id))).toBe(true);
  }
  await file.close();
  await withCurve(async () => {
    const { r1csFile } = await compileTestCircuit(folder, "multiplier");
    expect(await zKey.newZKey(r1csFile, path, at("0.zkey"))).not.toBe(-1);
    expect(await zKey.verifyFromR1cs(r1csFile, path, at("0.zkey"))).toBe(true);
  });
});

it("an initial key from known secrets has the sections of the one that snarkjs makes of the powers", async () => {
  const [ptauFile, zkeyFile] = [at("initial.ptau"), at("initial.zkey")];
  const { r1csFile } = await compileTestCircuit(folder, "guarded");
  await writePowersOfTau(ptauFile, { power: 6, ...secrets });
  await writeInitialKey({ r1csFile, ptauFile, zkeyFile, secrets });
  await withCurve(() => zKey.newZKey(r1csFile, ptauFile, at("by-snarkjs.zkey")));
  const [made, expected] = [await readSections(zkeyFile), await readSections(at("by-snarkjs.zkey"))];
  expect([...made.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [id, section] of expected) expect(made.get(id)!.equals(section), `section ${id}`).toBe(true);
});
