import { expect, it } from "vitest";
import { readR1cs } from "../../soundness/index.js";
import { buildCircuit, circuitSource } from "../../src/proof/index.js";

// Exact, so that a change of the circuits shows; and below the sizes that protocol.md sections 7 and 8 set.
it.each([
  ["attest", 243_445, 7, 250_000],
  ["bind", 33_913, 7, 36_000],
] as const)(
  "%s has %i constraints and %i public signals",
  async (name, constraints, publicSignals, limit) => {
    const r1cs = await readR1cs((await buildCircuit({ source: circuitSource(name) })).r1csFile);
    expect(r1cs.constraintCount).toBe(constraints);
    expect(r1cs.publicInputCount + r1cs.outputCount).toBe(publicSignals);
    expect(constraints).toBeLessThan(limit);
  },
);
