import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { printSourceDiff } from "../../src/cli/attest/source-diff.js";
import { type ContractSource, changedSources, diffLines } from "../../src/patch/index.js";

const source = (sources: Readonly<Record<string, string>>, settings: object = {}): ContractSource => ({
  contract: "A.sol:A",
  compiler: {
    version: "0.8.30+commit.73712a01",
    input: {
      language: "Solidity",
      sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
      settings: { ...settings },
    },
  },
});
const bundle = (old: ContractSource, fresh: ContractSource) => ({ ...fresh, current: old });
const texts = fc.array(fc.constantFrom("a", "b", "c", "{", "}", ""), { maxLength: 12 });

/** Length of the longest common subsequence, by the textbook. */
function common(a: readonly string[], b: readonly string[]): number {
  const row = Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    let diagonal = 0;
    for (const [index, other] of b.entries()) {
      const above = row[index + 1]!;
      row[index + 1] = one === other ? diagonal + 1 : Math.max(above, row[index]!);
      diagonal = above;
    }
  }
  return row.at(-1)!;
}

describe("a comparison of lines", () => {
  it("has both texts in it, and as many lines in common as can be", () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = diffLines(before, after);
        const of = (...marks: string[]) =>
          lines.filter(({ mark }) => marks.includes(mark)).map(({ text }) => text);
        expect(of(" ", "-")).toEqual(before);
        expect(of(" ", "+")).toEqual(after);
        expect(of(" ")).toHaveLength(common(before, after));
      }),
    );
  });

  it("leaves nothing out of texts that have nothing in common, however long they are", () => {
    const many = (mark: string) => Array.from({ length: 20_000 }, (_, index) => `${mark}${index}`);
    const lines = diffLines(["x", ...many("a"), "y"], ["x", ...many("b"), "y"]);
    expect(lines).toHaveLength(40_002);
    expect(lines.filter(({ mark }) => mark === " ").map(({ text }) => text)).toEqual(["x", "y"]);
  });
});

describe("changed sources", () => {
  it("are those that differ, are gone or are new, and the compiler's settings", () => {
    const old = source({ "A.sol": "a", "B.sol": "b", "C.sol": "c" }, { viaIR: false, optimizer: {} });
    const fresh = source({ "A.sol": "a", "B.sol": "x", "D.sol": "d" }, { optimizer: {}, viaIR: true });
    const names = changedSources(bundle(old, fresh)).map(({ name }) => name);
    expect(names).toEqual(["compiler and settings", "B.sol", "C.sol", "D.sol"]);
    expect(
      changedSources(
        bundle(old, source({ "A.sol": "a", "B.sol": "b", "C.sol": "c" }, { optimizer: {}, viaIR: false })),
      ),
    ).toEqual([]);
  });
});

describe("a printed comparison", () => {
  afterEach(() => vi.restoreAllMocks());

  /** What is printed, on a terminal of so many columns or none. */
  function printed(of: ReturnType<typeof bundle>, columns?: number): string {
    let text = "";
    vi.spyOn(process.stdout, "write").mockImplementation((part) => {
      text += part;
      return true;
    });
    const { isTTY, columns: before, hasColors } = process.stdout;
    Object.assign(process.stdout, { isTTY: columns !== undefined, columns, hasColors: () => true });
    try {
      printSourceDiff(of);
    } finally {
      Object.assign(process.stdout, { isTTY, columns: before, hasColors });
    }
    return text;
  }

  it("shows what differs with three lines around it", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const other = lines.map((line) => (line === "line 15" ? "changed" : line));
    const text = printed(
      bundle(source({ "A.sol": lines.join("\n") }), source({ "A.sol": other.join("\n") })),
    );
    expect(text.trim().split("\n")).toEqual([
      ...["--- A.sol", "@@ line 13 -> 13", "  line 12", "  line 13", "  line 14"],
      ...["- line 15", "+ changed", "  line 16", "  line 17", "  line 18"],
    ]);
  });

  it.each([80, 100, undefined])("fits %s columns, and leaves nothing out", (columns) => {
    const long = "x".repeat(150) + "y".repeat(100);
    const text = printed(bundle(source({ "A.sol": "" }), source({ "A.sol": long })), columns);
    const lines = text.split("\n").map((line) => stripVTControlCharacters(line));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns ?? 100);
    expect(
      lines
        .filter((line) => line.startsWith("+ "))
        .map((line) => line.slice(2))
        .join(""),
    ).toBe(long);
  });

  it("T20: obeys no source: what does not print or turns the text around stands there by its number", () => {
    const hostile = "\u001b[2Ja\u202eb\u0007\u009b31m\u200bc\rd\u2028e";
    const text = printed(bundle(source({}), source({ [`${hostile}.sol`]: `\t${hostile}\n` })));
    expect(text).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
    expect(text).toContain("+   \\u{1b}[2Ja\\u{202e}b\\u{7}\\u{9b}31m\\u{200b}c\\u{d}d\\u{2028}e");
  });
});
