import { describe, expect, it } from "vitest";
import { Judge, LaxTwin } from "../../soundness/index.js";
import { fixture, GADGETS_INPUT, STATEMENTS_INPUT, WORK_DIR } from "./fixtures.js";

describe("the judge", () => {
  it("says what the constraints say, of a true statement and of false ones", async () => {
    const options = { mainFile: fixture("statements"), workDir: WORK_DIR };
    const [judge, twin] = [await Judge.build(options), await LaxTwin.build(options)];
    const places = (broken: readonly { component: string; line: number; text: string }[]) =>
      [...new Set(broken.map(({ component, line, text }) => `${component} ${line} ${text}`))].toSorted();
    expect(judge.judge(STATEMENTS_INPUT).broken).toEqual([]);
    for (const lie of [{ a: 1n }, { a: 9n }, { c: 4n }, { b: [2n, 2n, 2n, 5n] }, { b: [3n, 3n, 3n, 3n] }]) {
      const input = { ...STATEMENTS_INPUT, ...lie };
      const { broken } = judge.judge(input);
      expect(broken.length).toBeGreaterThan(0);
      expect(places(broken)).toEqual(places(twin.lie(input).broken));
    }
  });

  it("reaches into circomlib, and tells values of signals", async () => {
    const judge = await Judge.build({ mainFile: fixture("gadgets"), workDir: WORK_DIR });
    const { broken, values } = judge.judge(GADGETS_INPUT, ["main.bits.in", "main.nothing"]);
    expect(broken).toEqual([]);
    expect([...values]).toEqual([["main.bits.in", GADGETS_INPUT.number]]);
    expect(judge.judge({ ...GADGETS_INPUT, number: 2n ** 40n }).broken[0]).toMatchObject({
      component: "main.bits",
      template: "Num2Bits",
      file: "circomlib/bitify.circom",
      text: "lc1 === in;",
    });
  });
});
