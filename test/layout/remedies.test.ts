import { describe, expect, it } from "vitest";
import { compareLayouts, diffLayouts, movedAlong, readContractLayout } from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { compileLayout } from "./compile.js";

const findings = (old: string, next: string) =>
  compareLayouts(
    compileLayout(`contract C { ${old} }`),
    compileLayout(`contract C { ${next} }`),
  ).findings.filter(({ code }) => code !== "layout/inserted-in-used-space");
const messages = (old: string, next: string) => findings(old, next).map(({ message }) => message);

const diff = (old: string, next: string) => {
  const sources = { "Old.sol": old, "New.sol": next };
  const output = compileSolidity({ code: false, sources });
  return diffLayouts(readContractLayout(output, "Old.sol:C"), readContractLayout(output, "New.sol:C"));
};

describe("members that change places", () => {
  const swapped = (members: string, rest: string) => `struct S { ${members} } ${rest}`;
  const [before, after] = ["uint256 a; uint256 b;", "uint256 b; uint256 a;"];

  it("are the cause that is told, each in its own variable, and did not move along with anything", () => {
    const rest = "mapping(uint256 => S) m; mapping(uint256 => S) n;";
    const found = findings(swapped(before, rest), swapped(after, rest));
    expect(found.filter(movedAlong)).toEqual([]);
    expect(found.map(({ message }) => message).toSorted()).toEqual(
      ["m", "n"].flatMap((name) => [
        `${name}[].a moved from slot 0 of its struct to slot 1 of its struct`,
        `${name}[].b moved from slot 1 of its struct to slot 0 of its struct`,
      ]),
    );
  });

  it("are named where the struct is part of a type, however deep", () => {
    const moved = "its member a moved from slot 0 to slot 1, its member b moved from slot 1 to slot 0";
    expect(messages(swapped(before, "S s;"), swapped(after, "S s;"))).toEqual([`s (slot 0): ${moved}`]);
    expect(messages(swapped(before, "S[2][] s;"), swapped(after, "S[2][] s;"))).toEqual([
      `s (slot 0): ${moved}`,
    ]);
    const outer = "struct T { uint8 x; S inner; } T t;";
    expect(messages(swapped(before, outer), swapped(after, outer))).toEqual([
      `t (slot 0): its member inner: ${moved}`,
    ]);
  });

  it("that came, went or changed are named, with what the struct's size became", () => {
    expect(messages(swapped("uint8 a; uint8 b;", "S s;"), swapped("uint8 a; int8 c;", "S s;"))).toEqual([
      "s (slot 0): its member b (slot 0, byte 1) is gone, its member c (slot 0, byte 1) is new",
    ]);
    expect(messages(swapped("uint8 a;", "S s;"), swapped("int8 a;", "S s;"))).toEqual([
      "s (slot 0): its member a was uint8 and is int8",
    ]);
    expect(messages(swapped("uint256 a;", "S s;"), swapped(before, "S s;"))).toEqual([
      "s (slot 0) has 64 bytes in place of 32: its member b (slot 1) is new",
    ]);
  });

  it("moved along where the variable around them moved, and they kept their places in it", () => {
    const rest = "mapping(uint256 => S) m;";
    const found = findings(swapped(before, rest), swapped(before, `uint256 fee; ${rest}`));
    expect(found.map((finding) => [finding.label, movedAlong(finding)]).toSorted()).toEqual([
      ["m", false],
      ["m[].a", true],
      ["m[].b", true],
    ]);
  });
});

it("a place inside of a namespace counts from its root", () => {
  const space = (members: string) =>
    `/// @custom:storage-location erc7201:acme.vault\nstruct Space { ${members} }`;
  expect(messages(space("uint256 total; uint8 fee; bool open;"), space("uint256 total; bool open;"))).toEqual(
    [
      "erc7201:acme.vault.fee (slot 1 of erc7201:acme.vault) is gone",
      "erc7201:acme.vault.open moved from slot 1 of erc7201:acme.vault, byte 1 to slot 1 of erc7201:acme.vault",
    ],
  );
});

describe("each finding says what to do", () => {
  const remedies = (old: string, next: string) => findings(old, next).map(({ remedy }) => remedy);

  it("and the line that it prints for another name or type makes the upgrade preserved", () => {
    for (const [old, next] of [
      ["uint256 total;", "uint256 supply;"],
      ["uint256 total;", "int256 total;"],
    ]) {
      const [, line = ""] = remedies(old!, next!)[0]!.split("\n");
      expect(line).toMatch(/^\/\/\/ @custom:oz-re(named|typed)-from \w+$/);
      expect(findings(old!, `${line}\n${next}`)).toEqual([]);
      expect(diff(`contract C { ${old} }`, `contract C { ${line}\n${next} }`).verdict).toBe("preserved");
    }
  });

  it("and prints no such line for members, which have no comments", () => {
    const struct = (member: string) => `struct S { uint256 ${member}; } mapping(uint256 => S) m;`;
    expect(remedies(struct("a"), struct("b"))).toEqual([
      "keep the name a: only a state variable can tell a former one",
    ]);
  });

  it("and for equal names the plain one of the declaration", () => {
    const bases = (name: string) =>
      `contract A { uint256 private total; } contract B { uint256 private ${name}; } contract C is A, B {}`;
    const { findings: found } = diff(bases("total"), bases("sum"));
    expect(found[0]).toMatchObject({ message: "B.total (slot 1) is now called sum" });
    const [, line = ""] = found[0]!.remedy.split("\n");
    expect(
      diff(
        bases("total"),
        bases("total")
          .replace("B { ", `B { ${line}\n`)
          .replace(/total; } contract C/, "sum; } contract C"),
      ),
    ).toMatchObject({
      verdict: "preserved",
    });
  });

  it("whoever finds it", () => {
    const pairs = [
      ["uint256 a; uint256 b;", "uint256 b; uint256 a;"],
      ["uint256 a; uint8 b;", "uint8 b;"],
      ["uint256 a; uint256[4] __gap;", "uint256 a; uint256[9] __gap;"],
      ["uint256[4] __gap; uint256 a;", "uint256 x; uint256[3] __gap; uint256 __gap_a;"],
      ["enum E { A, B } E e;", "enum E { B, A } E e;"],
      ["", "uint256 a;"],
      ["struct N { N[] kids; } N n;", "struct N { N[] kids; } N n;"],
    ];
    const found = pairs.flatMap(
      ([old, next]) => diff(`contract C { ${old} }`, `contract C { ${next} }`).findings,
    );
    expect(new Set(found.map(({ code }) => code)).size).toBeGreaterThan(5);
    for (const { remedy } of found) expect(remedy).toMatch(/^\w.{10,}/);
  });
});

describe("a layout without room in the circuit", () => {
  const many = (count: number, gap = "") =>
    `contract C { ${Array.from({ length: count }, (_, index) => `uint256 v${index};`).join(" ")} ${gap} }`;

  it("is preserved and does not fit, in numbers and with what helps", () => {
    expect(diff(many(64), many(64)).verdict).toBe("preserved");
    expect(diff(many(65), many(97))).toMatchObject({
      verdict: "does-not-fit",
      verdicts: { upgradesCore: "safe", canonical: "preserved", circuit: "too-large" },
      findings: [
        {
          code: "layout/too-many-entries",
          message: "the old layout has 65 entries, more than the 64 that the circuit takes",
          remedy: expect.stringContaining("slow path"),
        },
        { message: "the new layout has 97 entries, more than the 96 that the circuit takes" },
      ],
    });
    const [finding] = diff(many(64, "uint256[5] __gap;"), many(64, "uint256[5] __gap;")).findings;
    expect(finding!.message).toBe(
      "the old layout has 65 entries, 1 of them gaps, more than the 64 that the circuit takes",
    );
  });

  it("is broken where something is lost, room or not", () => {
    expect(diff(many(65), many(64)).verdict).toBe("broken");
  });
});

it("an old contract without variables is preserved by anything, and that is said", () => {
  expect(diff("contract C {}", "contract C { uint256 a; }")).toMatchObject({
    verdict: "preserved",
    findings: [{ code: "layout/nothing-to-preserve", remedy: expect.stringContaining("implementation") }],
  });
});
