import { describe, expect, it } from "vitest";
import { CORPUS } from "../../corpus/index.js";
import { type ListedCase, variantsOf } from "../../src/drill/index.js";
import { DRILL, DRILLS, expectWholeIncident, run } from "./drills.js";

/** For a command that ends before it runs a drill; on a busy machine loading takes its time. */
const SHORT = 600_000;

describe("the drill", () => {
  it.each(DRILLS.slice(0, 1))(
    "runs the whole incident of %s behind a %s proxy, within the gas budgets",
    expectWholeIncident,
    1_800_000,
  );

  it(
    "says what is wrong with wrong options, and exits with 2",
    async () => {
      for (const args of [
        ["--proxy", "beacon"],
        ["--jsonn"],
        ["--case", "CVE-2021-41264", "--proxy", "transparent"],
      ]) {
        await expect(run(process.execPath, [...DRILL, ...args])).rejects.toMatchObject({
          code: 2,
          stderr: expect.stringMatching(/error: .*\n +to do: /),
        });
      }
    },
    SHORT,
  );

  it(
    "names the cases to whoever asks for another one, and exits with 2",
    async () => {
      const refused = await run(process.execPath, [...DRILL, "--case", "CVE-2021-1"]).catch((error) => error);
      expect(refused.code).toBe(2);
      for (const { name } of CORPUS) expect(refused.stderr).toContain(name);
    },
    SHORT,
  );

  it(
    "lists every case with title, advisories and proxies, for people and for machines",
    async () => {
      const { stdout: json } = await run(process.execPath, [...DRILL, "--list", "--json"]);
      const cases = JSON.parse(json) as ListedCase[];
      expect(cases).toEqual(
        CORPUS.map((corpusCase) => ({
          name: corpusCase.name,
          title: corpusCase.title,
          advisories: corpusCase.advisories,
          proxies: variantsOf(corpusCase),
        })),
      );
      const { stdout: table } = await run(process.execPath, [...DRILL, "--list"]);
      for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
      for (const { name, advisories } of cases)
        for (const text of [name, ...advisories]) expect(table).toContain(text);
    },
    SHORT,
  );

  it(
    "explains itself",
    async () => {
      const { stdout } = await run(process.execPath, [...DRILL, "--help"]);
      expect(stdout).toContain("Examples:");
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    },
    SHORT,
  );
});
