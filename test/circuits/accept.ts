import { beforeAll, describe, expect, it } from "vitest";
import type { Judge, Twins } from "../../soundness/index.js";
import { ACCEPT_CASES } from "./accept-cases.js";
import { smallInstance, smallJudge } from "./small-instance.js";

/**
 * Tests of true statements: the witness calculator computes a witness of each, every constraint holds, and the signals
 * that are computed a second time have those values.
 */
export function describeAcceptCases(name: keyof typeof ACCEPT_CASES): void {
  describe(`${name} accepts`, () => {
    let twins: Twins;
    let judge: Judge;

    beforeAll(async () => {
      twins = await smallInstance(name);
      judge = await smallJudge(name);
    });

    it.each(ACCEPT_CASES[name].map((one) => [one.name, one] as const))("%s", (_, { input, values }) => {
      expect(() => twins.real.calculator.calculate(input(), [])).not.toThrow();
      const expected = values();
      const judged = judge.judge(input(), Object.keys(expected));
      expect(judged.broken).toEqual([]);
      expect(Object.fromEntries(judged.values)).toEqual(expected);
    });
  });
}
