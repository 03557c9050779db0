import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import {
  type CircuitInput,
  type CircuitUnderCheck,
  checkCircuit,
  checkSources,
} from "../../soundness/index.js";
import { ROOT } from "../../src/places.js";
import { CORRECT, compileFixture, fixture, MERKLE_INPUT, PLANTED, WORK_DIR } from "./fixtures.js";

function underCheck(name: string, input: CircuitInput): CircuitUnderCheck {
  return {
    name,
    mainFile: fixture(name),
    compile: () => compileFixture(name),
    inputs: () => [input],
    small: { mainFile: fixture(name), input: () => input },
  };
}

describe("the report", () => {
  it("has no problem with a correct circuit", async () => {
    expect(await checkCircuit(underCheck("merkle", MERKLE_INPUT), WORK_DIR)).toMatchObject({
      publicSignals: 1,
      hints: 1,
      mutatedSignals: 2,
      problems: [],
    });
  });

  it.each<[string, CircuitInput, string[]]>([
    ["missing-product", { a: 3n, b: 4n }, ["main.product", "not determined", "public", "not pinned"]],
    ["unused-public-signal", { secret: 3n, recipient: 4n }, ["public, but in no constraint: main.recipient"]],
    ["wide-decomposition", { in: 5n }, ["Num2Bits_strict"]],
  ])("names the problems of %s", async (name, input, words) => {
    const { problems } = await checkCircuit(underCheck(name, input), WORK_DIR);
    for (const word of words) expect(problems.join("\n")).toContain(word);
  });

  it("reads a folder of sources against its ledger", async () => {
    expect(await checkSources(CORRECT)).toEqual({ files: 6, hints: 14, problems: [] });
    await expect(checkSources(PLANTED)).rejects.toMatchObject({ code: "soundness/ledger-invalid" });
  });

  it("finds the product's sources in its ledger", async () => {
    expect((await checkSources(join(ROOT, "circuits"))).problems).toEqual([]);
  });
});

describe("circuits:check", () => {
  const run = (...args: string[]) =>
    promisify(execFile)(
      process.execPath,
      ["--import", "tsx", join(ROOT, "tools/circuits/check.ts"), ...args],
      {
        cwd: ROOT,
      },
    );

  it("exits with 2 where it is used wrongly", async () => {
    await expect(run("no-such-circuit")).rejects.toMatchObject({ code: 2 });
  });

  it("prints its help", async () => {
    expect((await run("--help")).stderr).toContain("circuits:check");
  });
});
