import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTable, fullHex, shortenMiddle, wrap } from "../../src/terminal/terminal.js";

describe("a table", () => {
  it("is no wider than the line, whatever the flexible column holds", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.string({ unit: "grapheme-ascii", maxLength: 300, size: "max" }), fc.nat(1_000_000)),
          {
            minLength: 1,
          },
        ),
        fc.constantFrom(80, 100),
        (rows, width) => {
          const table = formatTable(
            [
              { title: "name", flexible: true },
              { title: "number", align: "right" },
            ],
            rows.map(([name, number]) => [name, String(number)]),
            width,
          );
          expect(table.split("\n")).toHaveLength(rows.length + 1);
          for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
          rows.forEach(([, number], index) => {
            expect(table.split("\n")[index + 1]!.endsWith(String(number))).toBe(true);
          });
        },
      ),
    );
  });

  it("is no wider than the line where no column is flexible, and wraps without a word lost", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.stringMatching(/^\w{1,90}$/),
            fc.array(fc.stringMatching(/^\w{1,30}$/), { minLength: 1 }),
          ),
        ),
        fc.constantFrom(60, 80),
        (rows, width) => {
          const cells = rows.map(([name, words]) => [name, words.join(" "), name]);
          const plain = formatTable([{ title: "a" }, { title: "b" }, { title: "c" }], cells, width);
          expect(plain.split("\n")).toHaveLength(rows.length + 1);
          const wrapped = formatTable([{ title: "a" }, { title: "b", wraps: true }], cells, width);
          for (const line of [plain, wrapped].flatMap((table) => table.split("\n"))) {
            expect(line.length).toBeLessThanOrEqual(width);
          }
          const wide = formatTable(
            [{ title: "b", wraps: true }],
            cells.map(([, text]) => [text!]),
            40,
          );
          expect(wide.split(/\s+/)).toEqual(["b", ...cells.flatMap(([, text]) => text!.split(" "))]);
        },
      ),
    );
  });

  it("aligns by what is seen, not by colour codes", () => {
    const [, plain, coloured] = formatTable(
      [{ title: "a" }, { title: "b" }],
      [
        ["pass", "x"],
        ["\x1b[31mfail\x1b[39m", "x"],
      ],
    ).split("\n");
    expect(stripVTControlCharacters(coloured!).indexOf("x")).toBe(plain!.indexOf("x"));
  });
});

describe("texts", () => {
  it("that are too long lose their middle", () => {
    expect(shortenMiddle("0x0123456789abcdef", 10)).toBe("0x0123..ef");
    expect(shortenMiddle("short", 10)).toBe("short");
  });

  it("are wrapped between words, with every word kept", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^\w{1,30}$/), { minLength: 1 }), (words) => {
        const lines = wrap(words.join(" "), "  ", 40).split("\n");
        expect(lines.flatMap((line) => line.trim().split(" "))).toEqual(words);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
      }),
    );
  });

  it("of field elements have all their digits", () => {
    expect(fullHex(1n)).toBe(`0x${"0".repeat(63)}1`);
  });
});
