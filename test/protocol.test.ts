import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const LAW = "docs/protocol.md";
/** Tests that read the law itself. */
const READERS = ["test/protocol.test.ts", "test/circuits/sentences.test.ts"];
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => /\.(ts|cjs|sol|circom|md)$/.test(file) && existsSync(file));

/** Sections by number, each with the files that it names. */
const sections = new Map(
  readFileSync(LAW, "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section): [number, string[]] => {
      const [, list = ""] = /^Implemented in: ([\s\S]*?)\.$/m.exec(section) ?? [];
      return [
        Number(/^(\d+)\. /.exec(section)![1]),
        [...list.matchAll(/`([^`]+)`/g)].map(([, path]) => path!),
      ];
    }),
);

/** What a text cites: numbers of sections, `undefined` for a citation of the whole. */
function citations(text: string): (number | undefined)[] {
  // A comment may break the line anywhere.
  const flat = text.replace(/\n[ \t]*(?:\/\/\/?|\*|#)?[ \t]*/g, " ");
  return [...flat.matchAll(/protocol\.md(?: sections? (\d+)(?: (?:to|and) (\d+))?)?/g)].flatMap(
    ([, first, last]) =>
      first === undefined
        ? [undefined]
        : Array.from({ length: Number(last ?? first) - Number(first) + 1 }, (_, i) => Number(first) + i),
  );
}

describe("the law", () => {
  it("has its sections in order, each with files that implement it, which exist", () => {
    expect([...sections.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const [number, paths] of sections) {
      expect(paths.length, `section ${number}`).toBeGreaterThan(0);
      expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    }
  });

  it("is cited by sections that there are", () => {
    const cited = files
      .filter((file) => !file.endsWith(".md") && !READERS.includes(file))
      .flatMap((file) => citations(readFileSync(file, "utf8")).map((section) => ({ file, section })));
    expect(cited.length).toBeGreaterThan(20);
    expect(cited.filter(({ section }) => section === undefined || !sections.has(section))).toEqual([]);
  });

  it("citations are read across lines and ranges", () => {
    expect(citations("(protocol.md section 3)")).toEqual([3]);
    expect(citations("protocol.md\n * section 6): the list")).toEqual([6]);
    expect(citations("protocol.md sections 7 to 9.")).toEqual([7, 8, 9]);
    expect(citations("as protocol.md says")).toEqual([undefined]);
  });
});
