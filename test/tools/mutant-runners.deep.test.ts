import { afterEach, describe, expect, it } from "vitest";
import { ArithmeticMutants } from "../../tools/mutants/arithmetic.js";
import { CircuitMutants } from "../../tools/mutants/circuits.js";
import type { Mutant } from "../../tools/mutants/mutants.js";

describe("the arithmetic's suite", () => {
  let runner: ArithmeticMutants | undefined;
  afterEach(() => runner?.remove());

  const mutant = (from: string, to: string, killedBy: string): Mutant => ({
    kind: "arithmetic",
    number: 1,
    file: "src/proof/arithmetic/field-code.ts",
    change: "of this test",
    from,
    to,
    killedBy,
  });
  const ADDS =
    "field.test.ts > the field of order 'q' > adds, whatever multiple of the order stands in the operands";
  const SPLITS = "endomorphism.test.ts > the endomorphism > splits a scalar in two that are half as long";
  const SQUARES = ADDS.replace("adds", "squares");
  const [from, to] = ["v128.shiftLeft(limbs[index]!.get, 1)", "v128.shiftLeft(limbs[index]!.get, 0)"];

  it("counts a mutant as killed by its own test alone, in a copy of the sources", async () => {
    runner = new ArithmeticMutants(new Set());
    expect(await runner.verdict(mutant(from, to, SQUARES))).toEqual({ verdict: "killed", killedBy: SQUARES });
    // The one before was taken back, and what it broke is forgotten: here or in another file.
    for (const test of [SQUARES, SPLITS]) {
      const same = mutant(from, from.replace(", 1)", ",  1)"), test);
      expect(await runner.verdict(same)).toEqual({ verdict: "alive", killedBy: undefined });
    }
    expect(await runner.verdict(mutant(from, to, ADDS))).toEqual({
      verdict: "alive",
      killedBy: expect.stringContaining("squares"),
    });
  });

  it("does not count one as killed that does not compile, or whose test there is not", async () => {
    runner = new ArithmeticMutants(new Set());
    expect(await runner.verdict(mutant(from, "[]", SQUARES))).toMatchObject({ verdict: "not compiled" });
    expect(await runner.verdict(mutant(from, "v128.(", SQUARES))).toMatchObject({ verdict: "not compiled" });
    expect(await runner.verdict(mutant(from, to, `${SQUARES}, too`))).toMatchObject({
      verdict: "not compiled",
      why: expect.stringContaining(", too"),
    });
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
