import { describe, expect, it } from "vitest";
import {
  compareLayouts,
  diffLayouts,
  displayLabel,
  layoutRoot,
  readContractLayout,
} from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { compileLayout } from "./compile.js";
import { lostValues } from "./evm-truth.js";

const typesOf = (source: string) =>
  Object.fromEntries(compileLayout(source).entries.map((entry) => [displayLabel(entry), entry.type]));

const behind = (members: string, more = "") =>
  `contract C { ${more} struct N { ${members} } mapping(uint256 => N) m; }`;

/** Upgrades in which a struct grows, and whether the new code finds every value where it looks for it. */
const PAIRS: readonly {
  readonly what: string;
  readonly old: string;
  readonly next: string;
  readonly kept: boolean;
}[] = [
  {
    what: "that holds an array of its own kind",
    old: behind("uint256 v; N[] kids;"),
    next: behind("uint256 v; N[] kids; uint256 w;"),
    kept: false,
  },
  {
    what: "that holds an array of pairs of its own kind",
    old: behind("uint256 v; N[2][] kids;"),
    next: behind("uint256 v; N[2][] kids; uint256 w;"),
    kept: false,
  },
  {
    what: "that holds an array of its own kind in a mapping",
    old: behind("uint256 v; mapping(uint256 => N[]) kids;"),
    next: behind("uint256 v; mapping(uint256 => N[]) kids; uint256 w;"),
    kept: false,
  },
  {
    what: "that holds an array of its own kind in another struct",
    old: behind("uint256 v; K k;", "struct K { uint256 n; N[] kids; }"),
    next: behind("uint256 v; K k; uint256 w;", "struct K { uint256 n; N[] kids; }"),
    kept: false,
  },
  {
    what: "that stands in another struct in an array of its own kind",
    old: behind("uint256 v; K[] kids;", "struct K { uint256 x; N n; }"),
    next: behind("uint256 v; K[] kids; uint256 w;", "struct K { uint256 x; N n; }"),
    kept: false,
  },
  {
    what: "in the unused bytes of its last slot, with an array of its own kind",
    old: behind("N[] kids; uint128 v;"),
    next: behind("N[] kids; uint128 v; uint64 w;"),
    kept: true,
  },
  {
    what: "that holds a mapping to its own kind",
    old: behind("uint256 v; mapping(uint256 => N) kids;"),
    next: behind("uint256 v; mapping(uint256 => N) kids; uint256 w;"),
    kept: true,
  },
  {
    what: "that holds a mapping to its own kind in another struct",
    old: behind("uint256 v; K k;", "struct K { uint256 n; mapping(uint256 => N) kids; }"),
    next: behind("uint256 v; K k; uint256 w;", "struct K { uint256 n; mapping(uint256 => N) kids; }"),
    kept: true,
  },
  {
    what: "with a gap that it uses, and an array of its own kind",
    old: behind("uint256 v; N[] kids; uint256[2] __gap;"),
    next: behind("uint256 v; N[] kids; uint256 w; uint256[1] __gap;"),
    kept: true,
  },
  {
    what: "with a gap that stays, and an array of its own kind",
    old: behind("uint256 v; N[] kids; uint256[2] __gap;"),
    next: behind("uint256 v; N[] kids; uint256[2] __gap; uint256 w;"),
    kept: false,
  },
  {
    what: "that no mapping holds, with an array of its own kind",
    old: "contract C { struct N { uint256 v; N[] kids; } N[] all; }",
    next: "contract C { struct N { uint256 v; N[] kids; uint256 w; } N[] all; }",
    kept: false,
  },
];

describe("a struct behind a mapping carries its size where it is placed", () => {
  it.each(PAIRS)("grown, $what: kept $kept", async ({ old, next, kept }) => {
    expect((await lostValues(old, next)).length === 0).toBe(kept);
    expect(compareLayouts(compileLayout(old), compileLayout(next)).preserved).toBe(kept);
  });

  it("in the type of what holds it, and not where a mapping does", () => {
    expect(
      typesOf(behind("uint256 v; N[] kids; K k; mapping(uint256 => N) more;", "struct K { N[3][] n; }")),
    ).toEqual({
      m: "mapping(uint256 => struct)",
      "m[].v": "uint256",
      "m[].kids": "struct^1(128)[]",
      "m[].k": "struct{struct^2(128)[3][] n @0:0}",
      "m[].more": "mapping(uint256 => struct^1)",
    });
  });

  it("and the judges name the array whose elements would move", () => {
    const read = (members: string) =>
      readContractLayout(compileSolidity({ code: false, sources: { "C.sol": behind(members) } }), "C.sol:C");
    const { verdict, verdicts, findings } = diffLayouts(
      read("uint256 v; N[] kids;"),
      read("uint256 v; N[] kids; uint256 w;"),
    );
    expect(verdict).toBe("broken");
    expect(verdicts).toEqual({ upgradesCore: "unsupported", canonical: "broken", circuit: "refused" });
    expect(findings[0]).toMatchObject({
      code: "layout/retyped",
      label: "m[].kids",
      message: "m[].kids (slot 1 of its struct) was struct^1(64)[] and is struct^1(96)[]",
    });
  });

  it("roots of structs that are spelled out, or recur through mappings alone, are what they were", () => {
    const tree = "contract C { struct N { uint256 v; N[] kids; } N n; }";
    const mapped = behind("uint256 v; mapping(uint256 => N) kids;");
    expect([tree, mapped].map((source) => layoutRoot(compileLayout(source)))).toEqual([
      16038572548609827227926792556894049196327712695947989122593248096606991724527n,
      10465964961331449137337245479695504442965646421481166489732350093193884014929n,
    ]);
  });
});
