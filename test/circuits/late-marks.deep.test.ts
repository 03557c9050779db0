import { beforeAll, describe, expect, it } from "vitest";
import type { Judge } from "../../soundness/index.js";
import { LATE_MARKS } from "./late-marks.js";
import { smallJudge } from "./small-instance.js";

let judge: Judge;

beforeAll(async () => {
  judge = await smallJudge("attest-small");
});

describe("marks that are solved for after the challenge", () => {
  // Nothing else refuses them: where the check is missing, the lie is accepted (tools/mutants/circuits.json).
  it.each([
    [LATE_MARKS[0]!, "main.layout", "oldChanged[i] * (oldChanged[i] - 1) === 0;"],
    [LATE_MARKS[1]!, "main.layout.newDigests", "keep * (keep - 1) === 0;"],
    [LATE_MARKS[2]!, "main.layout.newDigests", "changed * (changed - 1) === 0;"],
  ])("T19: $name: refused by the bit check alone", (lie, component, text) => {
    const { broken } = judge.judge(lie.input());
    expect(broken.length).toBeGreaterThan(0);
    for (const each of broken) {
      expect(each).toMatchObject({ text, component: expect.stringMatching(`^${component}(\\[\\d\\])?$`) });
    }
  });
});
