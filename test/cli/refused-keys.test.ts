import { expect, it } from "vitest";
import type { CheckLine } from "../../src/cli/checks.js";
import { refusesKeys } from "../../src/cli/keys/refused.js";
import { printed } from "./sealpatch.js";

const line = (outcome: CheckLine["outcome"]): CheckLine => ({ name: "a line", outcome, detail: "found" });

/** What is said of keys with such a line, and whether they are refused, which is the exit code here. */
const told = (outcome: CheckLine["outcome"], json: boolean) =>
  printed(async () => Number(refusesKeys({ checks: [line("holds"), line(outcome)] }, { json })));

it("keys of a ceremony that does not hold, or was not looked at to its end, are refused with why, in JSON too", async () => {
  for (const outcome of ["fails", "not checked"] as const) {
    const text = await told(outcome, false);
    expect([text.code, text.stdout]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^${outcome} +a line$`, "m")),
    ]);
    const json = await told(outcome, true);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toEqual({ checks: [line("holds"), line(outcome)] });
  }
  expect(await told("holds", true)).toMatchObject({ code: 0, stdout: "" });
});
