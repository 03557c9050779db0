import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withCurve } from "../../src/proof/curve/index.js";
import { exportVerifyingKey, makeDevelopmentKey } from "../../src/proof/keys/index.js";
import { verifyProof, wasmProver } from "../../src/proof/prover/index.js";
import { compileTestCircuit, scratchFolder } from "./circuit.js";
import { rerandomizeProof } from "./rerandomize.js";

const folder = await scratchFolder();
const { r1csFile, wasmFile } = await compileTestCircuit(folder, "multiplier");
const zkeyFile = join(folder, "multiplier.zkey");
await makeDevelopmentKey({ r1csFile, zkeyFile });

describe("rerandomizeProof", () => {
  it("T02: makes another proof of the same statement from the proof alone", async () => {
    const input = { first: 3n, second: 5n, secret: 7n };
    const { proof, publicSignals } = await wasmProver.prove({ wasmFile, zkeyFile, input });
    const verifyingKey = await exportVerifyingKey(zkeyFile);
    await withCurve(async () => {
      for (const factors of [undefined, [1n, 5n], [7n, 0n]] as const) {
        const other = await rerandomizeProof(proof, verifyingKey, factors);
        expect(other).not.toEqual(proof);
        expect(await verifyProof(verifyingKey, publicSignals, other)).toBe(true);
        expect(await verifyProof(verifyingKey, [106n, 3n, 5n], other)).toBe(false);
      }
      expect(await rerandomizeProof(proof, verifyingKey, [1n, 0n])).toEqual(proof);
    });
  });
});
