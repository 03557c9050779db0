import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileInProcess, compileStandardJson, type StandardInput } from "../../src/solc/index.js";

const inputOf = (content: string): StandardInput => ({
  language: "Solidity",
  sources: { "A.sol": { content } },
  settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
});
const GOOD = inputOf("contract A { uint256 x; }");
const BAD = inputOf("contract A { uint256 }");
const failure = expect.objectContaining({
  code: "code/compilation-failed",
  why: expect.stringContaining("ParserError"),
});

describe("solc", () => {
  it("gives the same in a process of its own, in this process, and to forge", async () => {
    const output = await compileStandardJson(GOOD);
    expect(output.contracts["A.sol"]).toHaveProperty("A.evm.bytecode.object", expect.stringMatching(/^60/));
    expect(compileInProcess(GOOD)).toEqual(output);
    const shim = fileURLToPath(new URL("../../tools/solc-shim.cjs", import.meta.url));
    const answer = execFileSync(shim, ["--standard-json"], { input: JSON.stringify(GOOD) });
    expect({ compiler: output.compiler, ...JSON.parse(answer.toString()) }).toEqual(output);
  });

  it("puts the outputs of several selections together", async () => {
    const trees = { "*": { "": ["ast"] } };
    const code = { "A.sol": { A: ["evm.bytecode.object"] } };
    const output = await compileStandardJson(GOOD, [trees, code]);
    expect(output.sources?.["A.sol"]).toHaveProperty("ast");
    expect(output.contracts["A.sol"]).toEqual(compileInProcess(GOOD).contracts["A.sol"]);
  });

  it("says what the compiler objects to", async () => {
    await expect(compileStandardJson(BAD)).rejects.toThrow(failure);
    expect(() => compileInProcess(BAD)).toThrow(failure);
  });
});
