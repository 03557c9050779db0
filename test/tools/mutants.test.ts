import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ROOT } from "../../src/places.js";
import { ARITHMETIC_TESTS } from "../../tools/mutants/arithmetic.js";
import { CircuitMutants } from "../../tools/mutants/circuits.js";
import { KINDS, type Mutant, mutate, readMutants } from "../../tools/mutants/mutants.js";
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

describe("the circuits' suite", () => {
  let runner: CircuitMutants | undefined;
  afterEach(() => runner?.remove());

  const verdict = (to: string, killedBy: string) => {
    runner = new CircuitMutants();
    const mutant: Mutant = {
      kind: "circuits",
      number: 1,
      file: "circuits/lib/polynomial.circom",
      change: "of this test",
      from: "partial[n - 1] <== chunks[n - 1];",
      to,
      killedBy,
    };
    return runner.verdict(mutant);
  };

  it("does not count a mutant that does not compile as killed", async () => {
    expect(await verdict("partial[n - 1] <== nothing;", "bind-small accepts: code of 1 bytes")).toMatchObject(
      {
        verdict: "not compiled",
        why: expect.stringContaining("nothing"),
      },
    );
  });

  it("does not count a mutant as killed where another test than its own does it", async () => {
    const outcome = await verdict("partial[n - 1] <-- chunks[n - 1];", "bind-small accepts: code of 1 bytes");
    expect(outcome).toEqual({
      verdict: "alive",
      killedBy: "sources: every hint in the ledger, no assert on a signal",
    });
  });
});
