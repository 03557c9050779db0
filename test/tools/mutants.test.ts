import { afterEach, describe, expect, it } from "vitest";
import { CircuitMutants } from "../../tools/mutants/circuits.js";
import { KINDS, type Mutant, mutate, readMutants } from "../../tools/mutants/mutants.js";
import { CIRCUIT_TESTS } from "../circuits/mutant-suite.js";

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
