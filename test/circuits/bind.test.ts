import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { WitnessCalculator } from "../../soundness/index.js";
import { bindSignals } from "../../src/proof/index.js";
import { bindCase, SMALL_CHUNKS } from "../../tools/circuits/bind-case.js";
import { describeLies } from "./refuse.js";
import { smallInstance } from "./small-instance.js";

let circuit: WitnessCalculator;

beforeAll(async () => {
  circuit = (await smallInstance("bind-small")).real.calculator;
});

describe("bind", () => {
  it("accepts code of every length that fits", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 31 * SMALL_CHUNKS }),
        fc.bigInt(1n, 200n),
        (code, seed) => {
          const { statement, input } = bindCase(code, seed);
          expect(circuit.calculate(input).slice(1, 8)).toEqual(bindSignals(statement));
        },
      ),
      { numRuns: 20 },
    );
  });
});

describeLies("bind-small", 25);
