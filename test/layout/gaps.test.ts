import { describe, expect, it } from "vitest";
import {
  canonicalLayout,
  compareLayouts,
  diffLayouts,
  layoutRoot,
  layoutToJson,
  parseLayout,
  readContractLayout,
} from "../../src/layout/index.js";
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

describe("a struct whose gap is used to its end", () => {
  const within = (members: string, variable = "S s; uint256 behind;") => {
    const source = `contract C { struct S { ${members} } ${variable} }`;
    const output = compileSolidity({ code: false, sources: { "C.sol": source } });
    return { source, layout: layoutSource(output, "C"), contract: readContractLayout(output, "C.sol:C") };
  };
  const old = within("uint256 a; uint256[1] __gap;");

  it("is kept, and provable", async () => {
    const next = within("uint256 a; uint256 b;");
    expect(await lostValues(old.source, next.source)).toEqual([]);
    expect(diffLayouts(old.contract, next.contract)).toMatchObject({
      verdict: "preserved",
      findings: [],
      verdicts: { upgradesCore: "safe", canonical: "preserved", circuit: "provable" },
    });
  });

  it.each([
    ["by what is larger", "uint256 a; uint256 b; uint256 c;"],
    ["by what moves a member", "uint256 b; uint256 a;"],
    ["by nothing, so that it shrinks", "uint256 a;"],
    ["by a member that becomes another", "uint64 a; uint256 b;"],
  ])("%s is broken", async (_, members) => {
    const next = within(members);
    expect((await lostValues(old.source, next.source)).length).toBeGreaterThan(0);
    expect(diffLayouts(old.contract, next.contract).verdicts.canonical).toBe("broken");
  });

  it("in arrays, in structs and in mappings, where an enum is beside it", async () => {
    const nested = (members: string) =>
      within(
        `uint8 x; E e; ${members}`,
        "enum E { One, Two } struct Outer { S[2] many; E e; } Outer o; mapping(uint256 => Outer) m; S[] list;",
      );
    const [before, after] = [nested("uint256[2] __gap;"), nested("uint256 b; uint256 c;")];
    expect(await lostValues(before.source, after.source)).toEqual([]);
    expect(diffLayouts(before.contract, after.contract).verdict).toBe("preserved");
  });

  it("is kept by the upgrade after it too, from the file of the layout", () => {
    const next = within("uint256 a; uint256 b;");
    const previous = canonicalLayout(next.layout, { previous: old.contract.layout });
    const file = parseLayout(layoutToJson(previous));
    expect(layoutRoot(file)).not.toBe(layoutRoot(next.contract.layout));
    expect(compareLayouts(file, canonicalLayout(next.layout, { previous: file })).preserved).toBe(true);
    expect(layoutRoot(canonicalLayout(next.layout, { previous: file }))).toBe(layoutRoot(file));
  });

  it("changes nothing where no struct had a gap", () => {
    const next = within("uint256 a; uint256 b;");
    const plain = next.contract.layout;
    expect(layoutRoot(canonicalLayout(next.layout, { previous: plain }))).toBe(layoutRoot(plain));
  });
});
