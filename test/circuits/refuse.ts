import { beforeAll, describe, expect, it } from "vitest";
import { LaxTwin, type Twins } from "../../soundness/index.js";
import { brokenNames, LIES, type LiedTo, readBroken, tell } from "./broken.js";
import { smallInstance } from "./small-instance.js";

/**
 * Tests of all lies about an instance. Of a false statement, two: the witness calculator refuses it in the template that
 * is named, and the witness that a prover gets who computes past every `===` breaks exactly the constraints that
 * `broken/` lists, and is refused by the constraints as they are proven. Of a forged witness, the second.
 */
export function describeLies(name: LiedTo, atLeast: number): void {
  describe(`${name}: lies`, () => {
    const { statements, witnesses } = LIES[name];
    const all = [...statements, ...witnesses];
    const known = readBroken(name);
    let twins: Twins;
    let twin: LaxTwin;

    beforeAll(async () => {
      twins = await smallInstance(name);
      twin = new LaxTwin(twins);
    });

    it(`are at least ${atLeast}, each under a name of its own, and all are listed (npm run circuits:broken)`, () => {
      expect([...known.keys()]).toEqual(all.map((lie) => lie.name));
      expect(all.length).toBeGreaterThanOrEqual(atLeast);
    });

    it.each(statements.map((lie) => [lie.name, lie] as const))("T19: %s: no witness", (_, lie) => {
      let refusal: unknown;
      try {
        twins.real.calculator.calculate(lie.input());
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toMatchObject({
        code: "soundness/witness-refused",
        details: { template: lie.refusedBy },
      });
    });

    it.each(all.map((lie) => [lie.name, lie] as const))(
      "T19: %s: a lying witness breaks these constraints and no other",
      (_, lie) => {
        const told = tell(twin, lie);
        expect(told.satisfied).toBe(false);
        expect(told.incoherent).toEqual([]);
        expect(brokenNames(told)).toEqual(known.get(lie.name));
        if ("refusedBy" in lie) expect(told.broken.map(({ template }) => template)).toContain(lie.refusedBy);
      },
    );
  });
}
