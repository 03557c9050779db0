import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildTwins, Judge, LaxTwin, type Twins } from "../../soundness/index.js";
import { BUILD, ROOT } from "../../src/places.js";
import { INSTANCES, type InstanceName } from "../../tools/circuits/instances.js";
import type { FalseStatement } from "./lies.js";

/** A small instance with its lax twin; compiled once for all tests. */
export function smallInstance(name: InstanceName): Promise<Twins> {
  return buildTwins({ mainFile: join(ROOT, INSTANCES[name]), workDir: join(BUILD, "soundness") });
}

/** The judge of a small instance; compiled once for all tests. */
export function smallJudge(name: InstanceName): Promise<Judge> {
  return Judge.build({ mainFile: join(ROOT, INSTANCES[name]), workDir: join(BUILD, "soundness") });
}

/**
 * Tests of false statements, two for each: the witness calculator refuses it in the template that is named, and the
 * witness that a prover gets who computes past every `===` is refused by the constraints as they are proven.
 */
export function describeFalseStatements(
  name: InstanceName,
  statements: readonly FalseStatement[],
  atLeast: number,
): void {
  describe(`${name}: false statements`, () => {
    let twins: Twins;
    let twin: LaxTwin;

    beforeAll(async () => {
      twins = await smallInstance(name);
      twin = new LaxTwin(twins);
    });

    it(`are at least ${atLeast}, each under a name of its own`, () => {
      expect(new Set(statements.map((statement) => statement.name)).size).toBe(statements.length);
      expect(statements.length).toBeGreaterThanOrEqual(atLeast);
    });

    const cases = statements.map((statement) => [statement.name, statement] as const);

    it.each(cases)("T19: %s: no witness", (_, lie) => {
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

    it.each(cases)("T19: %s: a lying witness is refused by the constraints", (_, lie) => {
      const { satisfied, violated, broken } = twin.lie(lie.input());
      expect(satisfied).toBe(false);
      expect(violated.length).toBeGreaterThan(0);
      expect(broken.map(({ template }) => template)).toContain(lie.refusedBy);
    });
  });
}
