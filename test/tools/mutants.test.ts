import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../src/places.js";
import { ARITHMETIC_TESTS } from "../../tools/mutants/arithmetic.js";
import { KINDS, mutate, readMutants } from "../../tools/mutants/mutants.js";
import { CIRCUIT_TESTS } from "../circuits/mutant-suite.js";

/** Whether a text of a test file, with its places for values, is this title. */
function isTitle(text: string, title: string): boolean {
  const parts = text.split(/%[is]|\$name|\$\{[^}]*\}/);
  const literals = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // A text that is a place and nothing else would be every title.
  return parts.join("") !== "" && new RegExp(`^${literals.join(".+")}$`).test(title);
}

describe("mutants", () => {
  it.each(KINDS)("of the %s: each changes a text that stands in its file once", (kind) => {
    const mutants = readMutants(kind);
    expect(mutants.length).toBeGreaterThanOrEqual(60);
    expect(new Set(mutants.map(({ file, change }) => `${file} ${change}`)).size).toBe(mutants.length);
    for (const mutant of mutants) expect(mutate(mutant).mutated).not.toBe(mutate(mutant).source);
  });

  it("of the circuits: each names a test that there is", () => {
    const names = CIRCUIT_TESTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const unknown = readMutants("circuits").filter(({ killedBy }) => !names.includes(killedBy ?? ""));
    expect(unknown).toEqual([]);
  });

  it("of the arithmetic: each names a test by its file and titles that stand there", () => {
    for (const { killedBy = "" } of readMutants("arithmetic")) {
      const [file, ...titles] = killedBy.split(" > ");
      expect(titles.length).toBeGreaterThan(0);
      const source = readFileSync(join(ROOT, ARITHMETIC_TESTS, file!), "utf8");
      const known = [...source.matchAll(/"([^"\n]+)"|`([^`\n]+)`/g)].map(
        ([, plain, template]) => plain ?? template!,
      );
      for (const title of titles) expect(known.some((text) => isTitle(text, title))).toBe(true);
    }
  });
});
