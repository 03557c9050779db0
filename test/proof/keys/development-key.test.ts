import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { groth16, r1cs, wtns, zKey } from "snarkjs";
import { describe, expect, it } from "vitest";
import { withCurve } from "../../../src/proof/curve/index.js";
import { readContributions } from "../../../src/proof/keys/contributions.js";
import {
  checkVerifyingKey,
  exportVerifyingKey,
  isDevelopmentKey,
  makeDevelopmentKey,
  readZkeyHeader,
  verifyDevelopmentKey,
} from "../../../src/proof/keys/index.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { makeCeremonyKey, zkeySection } from "./ceremony.js";

const folder = await scratchFolder();
const multiplier = await compileTestCircuit(folder, "multiplier");
const chain = await compileTestCircuit(folder, "chain");
const multiplierKey = join(folder, "multiplier.zkey");
const chainKey = join(folder, "chain.zkey");
await makeDevelopmentKey({ r1csFile: multiplier.r1csFile, zkeyFile: multiplierKey });
await makeDevelopmentKey({ r1csFile: chain.r1csFile, zkeyFile: chainKey });

const multiplierInput = { first: 3n, second: 5n, secret: 7n };

async function proveWithSnarkjs(zkeyFile: string, wasmFile: string, input: Record<string, bigint>) {
  return withCurve(async () => {
    const witness = { type: "mem" as const };
    await wtns.calculate(input, wasmFile, witness);
    const { proof, publicSignals } = await groth16.prove(zkeyFile, witness);
    const verifyingKey = await zKey.exportVerificationKey(zkeyFile);
    return {
      publicSignals,
      valid: await groth16.verify(verifyingKey, publicSignals, proof),
      validForOther: await groth16.verify(
        verifyingKey,
        publicSignals.map((signal, index) => (index === 0 ? `${BigInt(signal) + 1n}` : signal)),
        proof,
      ),
    };
  });
}

describe("makeDevelopmentKey", () => {
  it("makes a key that snarkjs proves and verifies with", async () => {
    expect(await proveWithSnarkjs(multiplierKey, multiplier.wasmFile, multiplierInput)).toEqual({
      publicSignals: ["105", "3", "5"],
      valid: true,
      validForOther: false,
    });
    const hashed = await proveWithSnarkjs(chainKey, chain.wasmFile, { preimage: 11n, salt: 13n });
    expect(hashed).toMatchObject({ valid: true, validForOther: false });
  });

  it("makes the same bytes from the same constraints, others from another seed", async () => {
    const again = join(folder, "again.zkey");
    await makeDevelopmentKey({ r1csFile: chain.r1csFile, zkeyFile: again });
    expect((await readFile(again)).equals(await readFile(chainKey))).toBe(true);
    await makeDevelopmentKey({ r1csFile: chain.r1csFile, zkeyFile: again, seed: "other" });
    expect((await readFile(again)).equals(await readFile(chainKey))).toBe(false);
  });

  it("takes snarkjs' domain and coefficients", async () => {
    const ceremony = await makeCeremonyKey(folder, multiplier.r1csFile);
    for (const section of [1, 4]) {
      const expected = await zkeySection(ceremony.initialZkey, section);
      expect((await zkeySection(multiplierKey, section)).equals(expected)).toBe(true);
    }
    const { wires, publicSignals, domainSize } = await readZkeyHeader(ceremony.initialZkey);
    expect(await readZkeyHeader(multiplierKey)).toMatchObject({ wires, publicSignals, domainSize });
    for (const section of [2, 3, 5, 6, 7, 8, 9]) {
      const expected = await zkeySection(ceremony.initialZkey, section);
      expect((await zkeySection(multiplierKey, section)).length).toBe(expected.length);
    }
  });

  it("makes a key that passes the checks of verifying keys, T07", async () => {
    await checkVerifyingKey(await exportVerifyingKey(multiplierKey));
    await checkVerifyingKey(await exportVerifyingKey(chainKey));
  });

  it("names the key a development key where snarkjs reads contributions", async () => {
    const { entries } = await readContributions(multiplierKey);
    expect(entries.map(({ name }) => name)).toEqual([
      "sealpatch-dev: published secrets, worthless as security",
    ]);
    const contributed = join(folder, "contributed.zkey");
    await withCurve(() => zKey.contribute(multiplierKey, contributed, "somebody", "entropy"));
    expect((await readContributions(contributed)).entries).toHaveLength(2);
    expect(await isDevelopmentKey(contributed)).toBe(true);
    await checkVerifyingKey(await exportVerifyingKey(contributed));
  });

  it("carries a contribution whose transcript and public key snarkjs verifies", async () => {
    const complaints: string[] = [];
    const log = (message: string) => complaints.push(message);
    const logger = { debug: () => {}, info: () => {}, warn: log, error: log };
    const { initialZkey, ptau } = await makeCeremonyKey(folder, multiplier.r1csFile);
    const [initial, key] = await Promise.all([initialZkey, multiplierKey].map((file) => readFile(file)));
    // Another alpha is what it must find: contributions come before it, and pass.
    await withCurve(() => zKey.verifyFromInit(initial!, ptau, key!, logger));
    expect(complaints).toEqual(["INVALID:  Invalid alpha1"]);
  });

  it("reports progress from 0 to 1 in each stage", async () => {
    const seen = new Map<string, number[]>();
    await makeDevelopmentKey({
      r1csFile: multiplier.r1csFile,
      zkeyFile: join(folder, "progress.zkey"),
      onProgress: ({ stage, fraction }) => seen.set(stage, [...(seen.get(stage) ?? []), fraction]),
    });
    expect([...seen.keys()]).toEqual(["constraints", "points"]);
    for (const fractions of seen.values()) {
      expect(fractions[0]).toBe(0);
      expect(fractions.at(-1)).toBe(1);
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    }
  });

  it("leaves nothing behind where the r1cs is damaged", async () => {
    const bytes = await readFile(multiplier.r1csFile);
    const before = (await readdir(folder)).sort();
    const damaged = join(folder, "damaged.r1cs");
    const cases = {
      "cut off": bytes.subarray(0, bytes.length - 40),
      "another kind": await readFile(multiplierKey),
      "a wire that does not exist": withWire(bytes, 0xffff),
    };
    for (const damage of Object.values(cases)) {
      await writeFile(damaged, damage);
      const making = makeDevelopmentKey({ r1csFile: damaged, zkeyFile: join(folder, "never.zkey") });
      await expect(making).rejects.toMatchObject({ code: "key/unreadable" });
    }
    expect((await readdir(folder)).filter((name) => name !== "damaged.r1cs").sort()).toEqual(before);
  });
});

/** The r1cs with the wire of its first term replaced. */
function withWire(bytes: Buffer, wire: number): Buffer {
  const changed = Buffer.from(bytes);
  for (let position = 12; ; position += 12 + Number(bytes.readBigUInt64LE(position + 4))) {
    if (bytes.readUInt32LE(position) !== 2) continue;
    changed.writeUInt32LE(wire, position + 12 + 4);
    return changed;
  }
}

describe("verifyDevelopmentKey", () => {
  it("accepts the key of the circuit and refuses every other one", async () => {
    const key = { r1csFile: multiplier.r1csFile, zkeyFile: multiplierKey };
    await verifyDevelopmentKey(key);
    const refused = { code: "key/other-circuit" };
    await expect(verifyDevelopmentKey({ ...key, zkeyFile: chainKey })).rejects.toMatchObject(refused);
    await expect(verifyDevelopmentKey({ ...key, seed: "other" })).rejects.toMatchObject(refused);
    const bytes = await readFile(multiplierKey);
    bytes[bytes.length >> 1]! ^= 1;
    const changed = join(folder, "changed.zkey");
    await writeFile(changed, bytes);
    await expect(verifyDevelopmentKey({ ...key, zkeyFile: changed })).rejects.toMatchObject(refused);
  });

  it("counts the same signals as snarkjs", async () => {
    const info = await withCurve(() => r1cs.info(chain.r1csFile));
    const header = await readZkeyHeader(chainKey);
    expect(header.wires).toBe(info.nVars);
    expect(header.publicSignals).toBe(info.nOutputs + info.nPubInputs);
  });
});
