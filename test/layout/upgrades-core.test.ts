import { describe, expect, it } from "vitest";
import { assertNoObjection, diffLayouts, readContractLayout } from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";

const read = (source: string) =>
  readContractLayout(compileSolidity({ code: false, sources: { "C.sol": source } }), "C.sol:C");

describe("upgrades-core as a judge", () => {
  it("is refused where it stops with an error: a judge that is silent does not agree", () => {
    // It reads no base slot that is an expression.
    const contract = read("contract C layout at 2 ** 8 { uint256 x; }");
    expect(contract.layout.entries).toHaveLength(1);
    try {
      diffLayouts(contract, contract);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "layout/upgrades-core-failed", details: { contract: "C" } });
      expect(JSON.stringify(error)).not.toMatch(/BinaryOperation|zpl\.in/);
    }
  });

  it("objects also where it names no variable, as does any other judge", () => {
    const contract = read("contract C { uint256 x; }");
    const { findings, verdicts } = diffLayouts(contract, contract);
    expect(() => assertNoObjection({ findings, verdicts })).not.toThrow();
    for (const objection of [
      { upgradesCore: "unsafe" },
      { canonical: "broken" },
      { circuit: "refused" },
    ] as const) {
      const refusal = expect.objectContaining({
        code: "layout/not-preserved",
        details: { ...verdicts, ...objection },
      });
      expect(() => assertNoObjection({ findings, verdicts: { ...verdicts, ...objection } })).toThrow(refusal);
    }
  });

  it("gives no verdict on a struct that holds itself, and on nothing else", () => {
    const recursive = read("contract C { struct N { N[] kids; } N n; }");
    expect(diffLayouts(recursive, recursive)).toMatchObject({
      verdict: "preserved",
      verdicts: { upgradesCore: "unsupported" },
      findings: [
        {
          code: "layout/upgrades-core-unsupported",
          message: "upgrades-core gives no verdict: it does not follow structs that hold themselves",
        },
      ],
    });
  });
});
