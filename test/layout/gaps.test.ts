import { describe, expect, it } from "vitest";
import { canonicalLayout, compareLayouts } from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { compileLayout, layoutSource } from "./compile.js";
import { lostValues } from "./evm-truth.js";

const gaps = (source: string) =>
  compileLayout(source)
    .entries.filter(({ gap }) => gap)
    .map(({ label }) => label);

describe("what is called a gap and code uses is a variable", () => {
  const fees = "uint256[2] private __gap_fees; function set(uint256 x) external { __gap_fees[0] = x; }";
  const smaller =
    "uint256 cap; uint256[1] private __gap_fees; function set(uint256 x) external { __gap_fees[0] = x; }";

  it("so that nothing may lie where it was", async () => {
    const [old, next] = [`contract C { ${fees} }`, `contract C { ${smaller} }`];
    expect((await lostValues(old, next)).map(({ leaf }) => leaf)).toContain("C.cap");
    expect(compareLayouts(compileLayout(old), compileLayout(next)).findings).toMatchObject([
      { code: "layout/moved", label: "__gap_fees" },
      { code: "layout/resized", label: "__gap_fees" },
      { code: "layout/inserted-in-used-space", label: "cap" },
    ]);
  });

  it.each([
    ["nobody names it", "uint256[2] private __gap;", ["__gap"]],
    ["only a comment names it", "uint256[2] private __gap; /* __gap[0] = 1 */", ["__gap"]],
    [
      "a function reads it",
      "uint256[2] __gap; function f() external view returns (uint256) { return __gap[0]; }",
      [],
    ],
    [
      "a reference is taken",
      "uint256[2] __gap; function f() external { uint256[2] storage g = __gap; g[0] = 1; }",
      [],
    ],
    [
      "assembly names its slot",
      "uint256[2] __gap; function f() external { assembly { sstore(__gap.slot, 1) } }",
      [],
    ],
  ])("where %s", (_, variables, expected) => {
    expect(gaps(`contract C { ${variables} }`)).toEqual(expected);
  });

  it("by a contract that inherits it, and not by another one of the compilation", () => {
    const source = `contract Base { uint256[2] internal __gap; }
      contract User is Base { function f() external { __gap[0] = 1; } }
      contract C is Base { uint256 x; }`;
    const output = compileSolidity({ code: false, sources: { "C.sol": source } });
    const gapsOf = (name: string) =>
      canonicalLayout(layoutSource(output, name)).entries.filter(({ gap }) => gap).length;
    expect([gapsOf("User"), gapsOf("C"), gapsOf("Base")]).toEqual([0, 1, 1]);
  });

  it("in structs, in those of namespaces too", () => {
    const struct = (use: string, space = "") => `contract C {
      ${space} struct S { uint256 a; uint256[2] __gap; } ${space === "" ? "S s;" : ""}
      function store() internal pure returns (S storage p) { assembly { p.slot := 0 } }
      function f() external { ${use} } }`;
    const space = "/// @custom:storage-location erc7201:acme.vault\n";
    for (const kind of ["", space]) {
      expect(gaps(struct("store().a = 1;", kind))).toHaveLength(1);
      expect(gaps(struct("store().__gap[0] = 1;", kind))).toEqual([]);
      expect(gaps(struct("S memory m = S(1, [uint256(5), 6]); store().a = m.a;", kind))).toEqual([]);
    }
  });

  it("is told from the syntax trees alone", () => {
    const output = compileSolidity({ code: false, sources: { "C.sol": "contract C { uint256[2] __gap; }" } });
    const { asts: _, ...source } = layoutSource(output, "C");
    expect(() => canonicalLayout(source, { assumeNoNamespaces: true })).toThrow(
      expect.objectContaining({ code: "layout/missing-syntax-tree" }),
    );
  });

  it("in the assembly of solc 0.5", () => {
    const source =
      "contract C { uint256[2] __gap; function f() external { assembly { sstore(__gap_slot, 1) } } }";
    const output = compileSolidity({ compiler: "0.5.13", code: false, sources: { "C.sol": source } });
    expect(canonicalLayout(layoutSource(output, "C")).entries.map(({ gap }) => gap)).toEqual([false]);
  });
});
