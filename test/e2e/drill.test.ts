import { describe, expect, it } from "vitest";
import { CORPUS } from "../../corpus/index.js";
import { type ListedCase, variantsOf } from "../../src/drill/index.js";
import { sealpatch } from "../cli/sealpatch.js";
import { DRILLS, expectWholeIncident } from "./drills.js";

describe("the drill", () => {
  it.each(DRILLS.slice(0, 1))(
    "runs the whole incident of %s behind a %s proxy, within the gas budgets",
    expectWholeIncident,
    1_800_000,
  );

  it.each([[["--proxy", "beacon"]], [["--jsonn"]], [["--case", "CVE-2021-41264", "--proxy", "transparent"]]])(
    "says what is wrong with wrong options, and exits with 2: %s",
    async (args) => {
      expect(await sealpatch("drill", ...args)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/error: .*\n +to do: /),
      });
    },
  );

  it("names the cases to whoever asks for another one, and exits with 2", async () => {
    const { code, stderr } = await sealpatch("drill", "--case", "CVE-2021-1");
    expect(code).toBe(2);
    for (const { name } of CORPUS) expect(stderr).toContain(name);
  });

  it("lists every case with title, advisories and proxies, for people and for machines", async () => {
    const { stdout: json } = await sealpatch("drill", "--list", "--json");
    const cases = JSON.parse(json) as ListedCase[];
    expect(cases).toEqual(
      CORPUS.map((corpusCase) => ({
        name: corpusCase.name,
        title: corpusCase.title,
        advisories: corpusCase.advisories,
        proxies: variantsOf(corpusCase),
      })),
    );
    const { stdout: table } = await sealpatch("drill", "--list");
    for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    for (const { name, advisories } of cases)
      for (const text of [name, ...advisories]) expect(table).toContain(text);
  });

  it("explains itself", async () => {
    const { stdout } = await sealpatch("drill", "--help");
    expect(stdout).toContain("Examples:");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});
