import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Twins } from "../../soundness/index.js";
import { bindSignals } from "../../src/proof/index.js";
import { bindCase, SMALL_CHUNKS } from "../../tools/circuits/bind-case.js";
import { bindReference } from "../../tools/circuits/reference/index.js";
import { describeAcceptCases } from "./accept.js";
import { expectSignals } from "./compare-signals.js";
import { describeLies } from "./refuse.js";
import { smallInstance } from "./small-instance.js";

let twins: Twins;

beforeAll(async () => {
  twins = await smallInstance("bind-small");
});

describe("bind", () => {
  it("T19: accepts code of every length that fits, with every signal as computed outside", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 31 * SMALL_CHUNKS }),
        fc.bigInt(1n, 200n),
        (code, seed) => {
          const { statement, input } = bindCase(code, seed);
          expect(twins.real.calculator.calculate(input).slice(1, 8)).toEqual(bindSignals(statement));
          expectSignals(twins, input, bindReference(input));
        },
      ),
      { numRuns: 20 },
    );
  });
});

describeAcceptCases("bind-small");
describeLies("bind-small", 25);
