import { describe, expect, it } from "vitest";
import {
  canonicalLayout,
  compareLayouts,
  diffLayouts,
  type LayoutFile,
  layoutRoot,
  layoutToJson,
  parseLayout,
  readContractLayout,
} from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { compileLayout, layoutSource } from "./compile.js";
import { lostValues } from "./evm-truth.js";

const failure = (code: string, properties: object = {}) => expect.objectContaining({ code, ...properties });
const labels = (source: string) => compileLayout(source).entries.map(({ label }) => label);

const contract = (name: string, variables: string, bases = "") =>
  `contract ${name} ${bases === "" ? "" : `is ${bases}`} { ${variables} }\n`;
const total = "uint256 private total;";
const A = contract("A", total);
const B = contract("B", total);
const D = contract("D", total);
const told = (name: string, former: string) =>
  `/// @custom:oz-renamed-from ${former}\nuint256 private ${name};`;
const C = (bases: string, variables = "") => contract("C", variables, bases);

describe("labels of equal names", () => {
  it("are plain for the first by position, after the declaring contract for the others, bare for the contract itself", () => {
    expect(labels(A + B + D + C("A, B, D"))).toEqual(["total", "B.total", "D.total"]);
    expect(labels(A + B + C("B, A", `uint8 other; ${total}`))).toEqual([
      "total",
      "A.total",
      "other",
      ".total",
    ]);
    expect(labels(A + C("A", "uint256 other;"))).toEqual(["total", "other"]);
    expect(labels(A + C("A", total))).toEqual(["total", ".total"]);
  });

  it.each(["0.5.13", "0.6.12", "0.7.6", "0.8.37"] as const)(
    "are read from the trees of solc %s",
    (compiler) => {
      const output = compileSolidity({ compiler, code: false, sources: { "C.sol": A + B + C("A, B") } });
      const { entries } = canonicalLayout(layoutSource(output, "C"));
      expect(entries.map(({ label }) => label)).toEqual(["total", "B.total"]);
    },
  );

  it("begin the paths of what is inside, for people", () => {
    const votes = "mapping(uint256 => S) private votes;";
    const { entries } = compileLayout(
      `struct S { uint256 amount; } ${contract("A", votes)} ${contract("B", votes)} ${C("A, B")}`,
    );
    expect(entries.flatMap(({ inside }) => inside ?? [])).toEqual(
      expect.arrayContaining(["votes", "B.votes"]),
    );
  });

  it("leave gaps as they are, and count no gap as the first", () => {
    const gap = "uint256[3] private __gap;";
    expect(labels(contract("A", gap) + contract("B", gap) + C("A, B", "uint256 __gap;"))).toEqual([
      "__gap",
      "__gap",
      "__gap",
    ]);
  });

  it("tell former names as they were, equal to others before", () => {
    const former = (source: string) =>
      compileLayout(source).entries.map(({ label, renamedFrom }) => [label, renamedFrom]);
    expect(former(A + contract("B", told("sum", "total")) + C("A, B"))).toEqual([
      ["total", undefined],
      ["sum", "B.total"],
    ]);
    expect(
      former(
        contract("A", told("a", "total")) + contract("B", told("b", "total")) + C("A, B", told("c", "total")),
      ),
    ).toEqual([
      ["a", "total"],
      ["b", "B.total"],
      ["c", ".total"],
    ]);
  });

  const files = {
    "A.sol": A,
    "B.sol": `import {A as Other} from "A.sol"; ${contract("A", total, "Other")}`,
    "C.sol": `import {A} from "B.sol"; ${C("A")}`,
  };

  it("are refused where two contracts of one name declare them", () => {
    const output = compileSolidity({ code: false, sources: files });
    const details = { label: "total", contract: "A" };
    expect(() => canonicalLayout(layoutSource(output, "C"))).toThrow(
      failure("layout/equal-names", { details }),
    );
    // The contract itself is told apart from a base of its name.
    expect(canonicalLayout(layoutSource(output, "A", "B.sol")).entries.map(({ label }) => label)).toEqual([
      "total",
      ".total",
    ]);
  });

  it("are refused where two contracts of one name say that they had them", () => {
    const sources = { ...files, "A.sol": contract("A", told("a", "total")) };
    const output = compileSolidity({ code: false, sources });
    expect(() => canonicalLayout(layoutSource(output, "C"))).toThrow(failure("layout/equal-names"));
  });

  it("are refused where no tree, or one of another run, tells who declares them", () => {
    const output = compileSolidity({ code: false, sources: { "C.sol": A + B + C("A, B") } });
    const { asts: _, ...source } = layoutSource(output, "C");
    expect(() => canonicalLayout(source, { assumeNoNamespaces: true })).toThrow(
      failure("layout/missing-syntax-tree"),
    );
    const other = compileLayoutSource(contract("A", "uint256 x;") + contract("B", "uint256 y;") + C("A, B"));
    expect(() => canonicalLayout({ ...source, asts: other.asts })).toThrow(
      failure("layout/syntax-tree-mismatch"),
    );
  });

  function compileLayoutSource(text: string) {
    return layoutSource(compileSolidity({ code: false, sources: { "C.sol": text } }), "C");
  }
});

const I = "interface I {}\n";
const base = (name: string, bases = "") => contract(name, total, bases);

/** Upgrades of contracts with equal names, and whether the new code finds every value where it looks for it. */
const PAIRS: readonly {
  readonly what: string;
  readonly old: string;
  readonly next: string;
  readonly kept: boolean;
  readonly renamed?: Readonly<Record<string, string>>;
}[] = [
  { what: "two bases, as they were", old: A + B + C("A, B"), next: A + B + C("A, B"), kept: true },
  { what: "two bases exchanged", old: A + B + C("A, B"), next: A + B + C("B, A"), kept: false },
  {
    what: "two bases exchanged, the other way",
    old: A + B + C("B, A"),
    next: A + B + C("A, B"),
    kept: false,
  },
  { what: "a second one behind", old: A + C("A"), next: A + B + C("A, B"), kept: true },
  { what: "one of the contract itself behind", old: A + C("A"), next: A + C("A", total), kept: true },
  {
    what: "a base behind two, before the contract's own variables, which then move",
    old: A + B + C("A, B", total),
    next: A + B + D + C("A, B, D", total),
    kept: false,
  },
  ...["A, D, B", "B, A, D", "B, D, A", "D, A, B", "D, B, A"].map((order) => ({
    what: `three bases A, B, D in the order ${order}`,
    old: A + B + D + C("A, B, D"),
    next: A + B + D + C(order),
    kept: false,
  })),
  {
    what: "an interface on one base that leaves the order",
    old: I + A + B + C("A, B"),
    next: I + base("A", "I") + B + C("A, B"),
    kept: true,
  },
  {
    what: "an interface on the other base that leaves the order",
    old: I + A + B + C("A, B"),
    next: I + A + base("B", "I") + C("A, B"),
    kept: true,
  },
  {
    what: "an interface on one base that puts it behind the other",
    old: I + A + B + contract("P", "", "A") + contract("Q", "", "B, I") + C("P, Q"),
    next: I + base("A", "I") + B + contract("P", "", "A") + contract("Q", "", "B, I") + C("P, Q"),
    kept: false,
  },
  {
    what: "an interface off one base that puts it before the other",
    old: I + base("A", "I") + B + contract("P", "", "A") + contract("Q", "", "B, I") + C("P, Q"),
    next: I + A + B + contract("P", "", "A") + contract("Q", "", "B, I") + C("P, Q"),
    kept: false,
  },
  {
    what: "a diamond whose arms are exchanged",
    old: base("R") + base("A", "R") + base("B", "R") + C("A, B"),
    next: base("R") + base("A", "R") + base("B", "R") + C("B, A"),
    kept: false,
  },
  {
    what: "a diamond in which one arm comes to be under the other",
    old: base("R") + base("A", "R") + base("B", "R") + C("B, A"),
    next: base("R") + base("A", "R") + base("B", "R, A") + C("B"),
    kept: false,
  },
  {
    what: "a diamond in which one arm comes to be under the other, in the order that was",
    old: base("R") + base("A", "R") + base("B", "R") + C("A, B"),
    next: base("R") + base("A", "R") + base("B", "R, A") + C("B"),
    kept: true,
  },
  {
    what: "the second renamed, which it tells",
    old: A + B + C("A, B"),
    next: A + contract("B", told("sum", "total")) + C("A, B"),
    renamed: { "B.sum": "B.total" },
    kept: true,
  },
  {
    what: "the second renamed and exchanged with the first",
    old: A + B + C("A, B"),
    next: A + contract("B", told("sum", "total")) + C("B, A"),
    renamed: { "B.sum": "B.total" },
    kept: false,
  },
  {
    what: "the first renamed, and the second tells that its name was one of two",
    old: A + B + C("A, B"),
    next: contract("A", told("sum", "total")) + contract("B", told("total", "total")) + C("A, B"),
    renamed: { "A.sum": "A.total" },
    kept: true,
  },
  {
    what: "both renamed",
    old: A + B + C("A, B"),
    next: contract("A", told("sum", "total")) + contract("B", told("cap", "total")) + C("A, B"),
    renamed: { "A.sum": "A.total", "B.cap": "B.total" },
    kept: true,
  },
  {
    what: "both renamed and exchanged",
    old: A + B + C("A, B"),
    next: contract("A", told("sum", "total")) + contract("B", told("cap", "total")) + C("B, A"),
    renamed: { "A.sum": "A.total", "B.cap": "B.total" },
    kept: false,
  },
  {
    what: "a new base of that name before the first one's",
    old: A + C("A"),
    next: A + D + C("D, A"),
    kept: false,
  },
  {
    what: "a new base of that name before the contract's own",
    old: C("", total),
    next: A + C("A", total),
    kept: false,
  },
  {
    what: "a new base before the first one's, which says that it had its name",
    old: A + C("A"),
    next: A + contract("D", told("sum", "total")) + C("D, A"),
    kept: false,
  },
];

describe("upgrades of contracts with equal names", () => {
  it.each(PAIRS)("$what: kept $kept", async ({ old, next, kept, renamed = {} }) => {
    const lost = await lostValues(old, next, { renamed });
    expect(lost.length === 0).toBe(kept);
    expect(compareLayouts(compileLayout(old), compileLayout(next)).preserved).toBe(kept);
  });

  it("two totals exchanged are named by the contracts that declare them", () => {
    const read = (source: string) =>
      readContractLayout(compileSolidity({ code: false, sources: { "C.sol": source } }), "C.sol:C");
    const { verdict, findings } = diffLayouts(read(A + B + C("A, B")), read(A + B + C("B, A")));
    expect(verdict).toBe("broken");
    expect(findings).toMatchObject([
      { code: "layout/renamed", label: "B.total", message: "B.total (slot 1) is now called A.total" },
      {
        code: "layout/other-declarer",
        label: "total",
        message: "total (slot 0) was declared by A and is declared by B, and A.total has its name too",
      },
    ]);
  });

  it("a new base whose variable passes for the first is named, in a review too, where the old layout is a file", () => {
    const next = compileLayout(A + D + C("D, A"));
    const file = layoutToJson(compileLayout(A + C("A")));
    const message = "total (slot 0) was declared by A and is declared by D, and A.total has its name too";
    expect(compareLayouts(parseLayout(file), next).findings).toMatchObject([
      { code: "layout/other-declarer", label: "total", message },
    ]);
    // A file that does not tell is not taken for one that agrees.
    const [{ contract: _, ...untold }] = file as [LayoutFile[number]];
    expect(compareLayouts(parseLayout([untold]), next).preserved).toBe(false);
    expect(layoutRoot(parseLayout([untold]))).toBe(layoutRoot(parseLayout(file)));
  });

  it("a base that is renamed is the same where no other has the name", () => {
    expect(compareLayouts(compileLayout(A + C("A")), compileLayout(D + C("D"))).preserved).toBe(true);
  });

  it("who gives a variable the plain name by renaming the first is told that the second's changed", () => {
    const next = contract("A", told("sum", "total")) + B + C("A, B");
    const { findings } = compareLayouts(compileLayout(A + B + C("A, B")), compileLayout(next));
    expect(findings.map(({ message }) => message)).toEqual(["B.total (slot 1) is now called total"]);
  });
});
