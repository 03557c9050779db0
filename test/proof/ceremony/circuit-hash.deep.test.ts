import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import { expect, it } from "vitest";
import { FIELD_ORDER } from "../../../src/field/index.js";
import { withCurve } from "../../../src/proof/curve/index.js";
import { checkInitialKey } from "../../../src/proof/index.js";
import { writePowersOfTau } from "../../../src/proof/keys/ceremony/rehearsal/index.js";
import { uint32, uint256 } from "../../../src/proof/keys/section-file.js";
import { scratchFolder } from "../circuit.js";
import { SECRETS } from "./key-files.js";

const folder = await scratchFolder();
const POWER = 15;

/** A circuit of one public and one private wire, and many times the constraint that the private one is 0 or 1. */
async function writeCircuit(path: string, constraints: number): Promise<void> {
  const header = [uint32(32), uint256(FIELD_ORDER), uint32(3, 1, 0, 1), Buffer.alloc(8), uint32(constraints)];
  const wire = Buffer.concat([uint32(1, 2), uint256(1n)]);
  const all = Buffer.concat(Array.from({ length: 3 * constraints }, () => wire));
  const wires = Buffer.alloc(3 * 8);
  const parts: Uint8Array[] = [Buffer.from("r1cs"), uint32(1, 3)];
  for (const [index, content] of [Buffer.concat(header), all, wires].entries()) {
    parts.push(uint32(index + 1, content.length, 0), content);
  }
  await writeFile(path, Buffer.concat(parts));
}

it("T07: the hash of a circuit that takes all powers of a file is snarkjs', which reads a point more than there are", async () => {
  const at = (name: string) => join(folder, name);
  await writeCircuit(at("circuit.r1cs"), 2 ** (POWER - 1));
  await writePowersOfTau(at("powers.ptau"), { power: POWER, ...SECRETS });
  await withCurve(() => zKey.newZKey(at("circuit.r1cs"), at("powers.ptau"), at("0.zkey")));
  const files = { r1csFile: at("circuit.r1cs"), ptauFile: at("powers.ptau"), zkeyFile: at("0.zkey") };
  await checkInitialKey(files);
  const bytes = await readFile(files.zkeyFile);
  bytes[bytes.length - 68]! ^= 1;
  await writeFile(files.zkeyFile, bytes);
  await expect(checkInitialKey(files)).rejects.toMatchObject({ code: "ceremony/other-initial-key" });
});
