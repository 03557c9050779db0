import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { buildCircuit } from "../../scripts/build/circuits.js";
import { WitnessCalculator } from "../../scripts/soundness/witness.js";
import { bindSignals } from "../../src/proof/index.js";
import { bindCase, FALSE_BIND_STATEMENTS, SMALL_CHUNKS } from "./bind-statements.js";

let circuit: WitnessCalculator;

beforeAll(async () => {
  circuit = await WitnessCalculator.load((await buildCircuit("bind-small")).wasmFile);
});

describe("bind", () => {
  it("accepts code of every length that fits", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 31 * SMALL_CHUNKS }),
        fc.bigInt(1n, 200n),
        (code, seed) => {
          const { statement, input } = bindCase(code, seed);
          expect(circuit.calculate(input).slice(1, 6)).toEqual(bindSignals(statement));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("names at least 10 false statements", () => {
    expect(new Set(FALSE_BIND_STATEMENTS.map(({ name }) => name)).size).toBe(FALSE_BIND_STATEMENTS.length);
    expect(FALSE_BIND_STATEMENTS.length).toBeGreaterThanOrEqual(10);
  });

  it.each(FALSE_BIND_STATEMENTS.map((statement) => [statement.name, statement] as const))(
    "T05, T19: refuses %s",
    (_, lie) => {
      let refusal: unknown;
      try {
        circuit.calculate(lie.input());
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toMatchObject({
        code: "soundness/witness-refused",
        details: { template: lie.refusedBy },
      });
    },
  );
});
