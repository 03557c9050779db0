import { expect, it } from "vitest";
import { readR1cs } from "../../soundness/index.js";
import { buildCircuit, circuitSource } from "../../src/proof/index.js";

// Exact, so that a change of the circuits shows; and below the sizes that protocol.md section 7 sets.
it.each([
  ["attest", 237_975, 7, 2 ** 18],
  ["bind", 33_619, 5, 2 ** 16],
] as const)(
  "%s has %i constraints and %i public signals",
  async (name, constraints, publicSignals, limit) => {
    const r1cs = await readR1cs((await buildCircuit({ source: circuitSource(name) })).r1csFile);
    expect(r1cs.constraintCount).toBe(constraints);
    expect(r1cs.publicInputCount + r1cs.outputCount).toBe(publicSignals);
    expect(constraints).toBeLessThan(limit);
  },
);
