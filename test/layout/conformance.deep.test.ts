import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { printedTable } from "../../tools/conformance/print.js";
import { publishedComparisons } from "../../tools/conformance/published.js";
import { Sources } from "../../tools/conformance/sources.js";
import { type ConformanceTable, conformanceTable, PROVABLE_SHARE } from "../../tools/conformance/table.js";

const folder = fileURLToPath(new URL("conformance", import.meta.url));
const testsOfUpgradesCore = fileURLToPath(
  new URL("../../node_modules/@openzeppelin/upgrades-core/src", import.meta.url),
);

describe("conformance with upgrades-core", () => {
  const published = publishedComparisons();
  let table: ConformanceTable;

  beforeAll(() => {
    table = conformanceTable(published, new Sources(folder));
  }, 300_000);

  it("understands every comparison in the published tests, counted by a plain search", () => {
    const calls = execFileSync(
      "grep",
      [
        "-rhE",
        "--include=*.test.ts",
        "--exclude-dir=cli",
        "getStorageUpgradeErrors\\(\\w+, |getReport\\(\\w+, |\\.getStorageUpgradeReport\\(",
        testsOfUpgradesCore,
      ],
      { encoding: "utf8" },
    );
    expect(published.length).toBe(calls.trim().split("\n").length);
    expect(published.length).toBe(table.rows.length + table.leftOut.length);
    for (const { file, old, next } of published) {
      const text = readFileSync(`${testsOfUpgradesCore}/${file}`, "utf8");
      expect(text).toContain(`'${old.name}'`);
      expect(text).toContain(`'${next.name}'`);
    }
  });

  it("compares each published pair, but for those with a reason to be left out", () => {
    const rows = new Set(table.rows.map(({ published: { old, next } }) => `${old.name} ${next.name}`));
    const missing = table.leftOut.filter(
      ({ published: { old, next } }) => !rows.has(`${old.name} ${next.name}`),
    );
    expect(new Set(missing.map(({ published: { old, next } }) => `${old.name} ${next.name}`))).toEqual(
      new Set(["Storage088 Storage089"]),
    );
  });

  it("asks upgrades-core what its published test asks: the same verdict, the same number of errors", () => {
    for (const { published: expected, upgradesCore } of table.rows) {
      const pair = `${expected.old.name} ${expected.next.name}`;
      expect([pair, upgradesCore.verdict]).toEqual([pair, expected.expected]);
      if (expected.errors !== undefined) {
        expect([pair, upgradesCore.errors]).toEqual([pair, expected.errors]);
      }
    }
  });

  it("is never weaker: what upgrades-core calls unsafe is broken", () => {
    const unsafe = table.rows.filter(({ upgradesCore }) => upgradesCore.verdict === "unsafe");
    expect(unsafe.length).toBeGreaterThan(50);
    for (const { published: pair, sealpatch } of unsafe) {
      expect([pair.next.name, sealpatch.verdict]).toEqual([pair.next.name, "broken"]);
      expect(sealpatch.findings.length).toBeGreaterThan(0);
    }
  });

  it("proves at least 95% of the pairs that upgrades-core calls safe, and says why not the rest", () => {
    expect(PROVABLE_SHARE).toBe(0.95);
    expect(table.figures.provable / table.figures.safe).toBeGreaterThanOrEqual(PROVABLE_SHARE);
    const refused = table.rows.filter(
      ({ upgradesCore, sealpatch }) => upgradesCore.verdict === "safe" && sealpatch.circuit !== "provable",
    );
    for (const { sealpatch } of refused) expect(sealpatch.findings[0]?.message).toMatch(/ was .* and is /);
    expect(table.ok).toBe(true);
  });

  it("fails where a pair is not what its published test compares", () => {
    class Swapped extends Sources {
      override read(source: string): string {
        return super.read(source).replace("uint256 supply;\n    uint256 cap;\n}", "uint256 cap;\n}");
      }
    }
    const append = published.filter(({ next }) => next.name === "StorageUpgrade_Append_V2");
    const { ok, rows } = conformanceTable(append, new Swapped(folder));
    expect(ok).toBe(false);
    expect(rows[0]?.problems[0]).toContain("the published test expects safe");
  });

  it("prints within 80 columns, and ends with the figures", () => {
    const lines = printedTable(table);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.at(-1)).toMatch(
      /^ok: \d+ pairs; safe: \d+ of \d+ provable \(\d+\.\d%\); unsafe: (\d+) of \1 broken$/,
    );
  });
});
