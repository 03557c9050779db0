import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { withThreads } from "../../../src/proof/curve/index.js";
import { exportVerifyingKey, makeDevelopmentKey } from "../../../src/proof/keys/index.js";
import { uint256 } from "../../../src/proof/keys/section-file.js";
import { createProof } from "../../../src/proof/prover/create-proof.js";
import {
  calculateWitness,
  type OpenProver,
  openProver,
  openWasmProver,
  type ProofPart,
  verifyProof,
  wasmProver,
  witnessScalars,
} from "../../../src/proof/prover/index.js";
import { loadKey } from "../../../src/proof/prover/loaded-key.js";
import { partsTold } from "../../../src/proof/prover/parts.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";

const folder = await scratchFolder();
const { r1csFile, wasmFile } = await compileTestCircuit(folder, "multiplier");
const first = join(folder, "first.zkey");
const second = join(folder, "second.zkey");
await makeDevelopmentKey({ r1csFile, zkeyFile: first });
await makeDevelopmentKey({ r1csFile, zkeyFile: second, seed: "another" });
const input = { first: 3n, second: 5n, secret: 7n };

let prover: OpenProver | undefined;
afterEach(() => prover?.close());

/** Proves, verifies by the file's own verifying key, and names the parts. */
async function prove(zkeyFile: string): Promise<string[]> {
  const parts: ProofPart[] = [];
  const made = await prover!.prove({ wasmFile, zkeyFile, input, onPart: (part) => parts.push(part) });
  expect(await verifyProof(await exportVerifyingKey(zkeyFile), made.publicSignals, made.proof)).toBe(true);
  return parts.map(({ name }) => name);
}

describe("an open prover", () => {
  it("loads each key once", async () => {
    prover = openWasmProver();
    expect(await prove(first)).toContain("key");
    expect(await prove(second)).toContain("key");
    expect(await prove(first)).not.toContain("key");
    expect(await prove(second)).not.toContain("key");
  });

  it("loads a key anew whose file has changed: no proof of the one before is handed out", async () => {
    prover = openWasmProver();
    const file = join(folder, "changing.zkey");
    await copyFile(first, file);
    await prove(file);
    await copyFile(second, file);
    expect(await prove(file)).toContain("key");
  });

  it("makes proofs that are asked for together one after the other", async () => {
    prover = openWasmProver();
    const parts = await Promise.all([prove(first), prove(first), prove(second)]);
    expect(parts.filter((names) => names.includes("key"))).toHaveLength(2);
  });

  it("goes on after a key that it refused, and after it was closed", async () => {
    prover = openWasmProver();
    await expect(prove(join(folder, "missing.zkey"))).rejects.toMatchObject({ code: "key/unreadable" });
    expect(await prove(first)).toContain("key");
    await prover.close();
    expect(await prove(first)).toContain("key");
  });

  it("is the built-in one where there is no other", async () => {
    prover = openProver({ PATH: "" });
    expect(prover.name).toBe(wasmProver.name);
    await prove(first);
    expect(await prove(first)).not.toContain("key");
  });
});

describe("what a proof takes of memory", () => {
  it("holds the witness while it works, and is overwritten afterwards: values, digits, what threads kept", async () => {
    const secret = (1n << 250n) + 987654321987654321n;
    const witness = await calculateWitness(wasmFile, { ...input, secret });
    await withThreads(async (threads) => {
      const { memory } = threads;
      const loaded = await loadKey(threads, first);
      const bytes = () => Buffer.from(memory.wasm.buffer);
      const needle = Buffer.from(uint256(secret));
      let isThere = false;
      let end = 0;
      const onProgress = () => {
        isThere ||= bytes().includes(needle);
        end = memory.wasm.buffer.byteLength;
      };
      const before = Buffer.from(bytes());
      const run = partsTold();
      await createProof(threads, loaded, witnessScalars(witness), { onProgress, run });
      expect(isThere).toBe(true);
      expect(bytes().includes(needle)).toBe(false);
      // All that was zero before is zero again, and nothing else has changed.
      expect(end).toBeGreaterThan(before.length);
      expect(bytes().subarray(0, before.length).equals(before)).toBe(true);
      expect(
        bytes()
          .subarray(before.length)
          .every((byte) => byte === 0),
      ).toBe(true);
    });
  });
});

describe("a key whose coefficients name what there is not", () => {
  it.each([
    ["a third matrix", 0, 2],
    ["a row beyond the domain", 4, 1 << 20],
    ["a wire beyond the last", 8, 1 << 20],
  ])("is refused: %s", async (_, offset, value) => {
    const key = await readFile(first);
    // The section of coefficients: its id, its size, their number, then the first of them.
    let position = 12;
    while (key.readUInt32LE(position) !== 4) position += 12 + Number(key.readBigUInt64LE(position + 4));
    key.writeUInt32LE(value, position + 12 + 4 + offset);
    const damaged = join(folder, `coefficient-${offset}.zkey`);
    await writeFile(damaged, key);
    await expect(wasmProver.prove({ wasmFile, zkeyFile: damaged, input })).rejects.toMatchObject({
      code: "key/unreadable",
    });
  });
});
