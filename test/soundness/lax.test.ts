import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import {
  buildTwins,
  type CircuitInput,
  equalityGroup,
  equalityName,
  LaxTwin,
  type Twins,
} from "../../soundness/index.js";
import { markEdits, stripEdits } from "../../soundness/marks.js";
import { readSources } from "../../soundness/sources.js";
import { fixture, GADGETS_INPUT, loadFixture, STATEMENTS_INPUT, WORK_DIR } from "./fixtures.js";

let statements: Twins;
let twin: LaxTwin;

beforeAll(async () => {
  statements = await buildTwins({ mainFile: fixture("statements"), workDir: WORK_DIR });
  twin = new LaxTwin(statements);
});

/** Where and what, in the order of the constraints. */
const broken = (lie: CircuitInput) =>
  twin.lie({ ...STATEMENTS_INPUT, ...lie }).broken.map(({ component, line, text }) => ({
    component,
    line,
    text: text.replaceAll(/\s+/g, " "),
  }));

describe("the lax twin", () => {
  it("accepts the witness of a true statement", () => {
    expect(twin.lie(STATEMENTS_INPUT)).toEqual({ satisfied: true, violated: [], broken: [], incoherent: [] });
  });

  it("computes the witness of a false statement, which the real calculator refuses", () => {
    const lie = { ...STATEMENTS_INPUT, c: 4n };
    expect(() => statements.real.calculator.calculate(lie)).toThrowError(
      expect.objectContaining({ code: "soundness/witness-refused" }),
    );
    const { satisfied, violated } = twin.lie(lie);
    expect(satisfied).toBe(false);
    expect(violated.length).toBeGreaterThan(0);
    for (const { signals } of violated) expect(signals.length).toBeGreaterThan(0);
  });

  it("names the component and the statement that refuse, in every branch, loop and nested block", () => {
    expect(broken({ b: [2n, 2n, 2n, 5n] })).toEqual(
      expect.arrayContaining([
        { component: "main", line: 13, text: "b[i] === b[i - 1];" },
        { component: "main", line: 18, text: "a * b[i] === 2 * c;" },
        { component: "main", line: 21, text: "b[i] * b[i] === 4;" },
      ]),
    );
    expect(broken({ b: [3n, 3n, 3n, 3n] })).toEqual(
      expect.arrayContaining([
        { component: "main", line: 19, text: "b[i] * (b[i] - 2) === 0;" },
        { component: "main", line: 20, text: "b[i] === 2;" },
      ]),
    );
    expect(broken({ a: 5n })).toEqual(
      expect.arrayContaining([
        { component: "main", line: 12, text: "a === c;" },
        { component: "main", line: 31, text: "rows[0].sum + rows[1].sum === 4 * a + b[0];" },
      ]),
    );
  });

  it("tells components of one template apart", () => {
    const rowsOf = (lie: CircuitInput) =>
      twin.lie({ ...STATEMENTS_INPUT, ...lie }).broken.filter(({ template }) => template === "Row");
    // rows[0] is about c - a, rows[1] about c + b[0] - a; both must be 0 or 2.
    expect(rowsOf({ a: 1n }).map(({ component }) => component)).toEqual(["main.rows[1]"]);
    expect(rowsOf({ a: 5n }).map(({ component }) => component)).toEqual(["main.rows[0]"]);
    expect(rowsOf({ a: 9n })).toMatchObject([
      { component: "main.rows[0]", file: "test/soundness/circuits/lib/rows.circom", line: 11 },
      { component: "main.rows[1]", text: "gap * (gap - 2) === 0;" },
    ]);
  });

  it("tells the passes of a statement apart, and names each constraint", () => {
    const names = twin.lie({ ...STATEMENTS_INPUT, b: [2n, 2n, 2n, 5n] }).broken.map(equalityName);
    expect(names).toContain("main: b[i] === b[i - 1] #2");
    expect(names).not.toContain("main: b[i] === b[i - 1] #1");
    const rows = twin.lie({ ...STATEMENTS_INPUT, a: 9n }).broken.map(equalityName);
    expect(rows).toContain("main.rows[1]: gap * (gap - 2) === 0");
    expect(equalityGroup("main.rows[1]: b[0] === c #3")).toBe("main.rows[]: b[0] === c");
    const all = twin.equalities.map(equalityName);
    expect(new Set(all).size).toBe(all.length);
    for (const name of [...names, ...rows]) expect(all).toContain(name);
  });

  it("judges a witness in which signals are forged together with their copies", async () => {
    const gadgets = await LaxTwin.build({ mainFile: fixture("gadgets"), workDir: WORK_DIR });
    const bits = { "main.bits.out[6]": 3n, "main.bits.out[7]": 0n };
    // 1,000,003 has bit 6, and bit 7 not: 3 * 2^6 is 2^7 too much.
    expect(gadgets.lie(GADGETS_INPUT, bits).broken.map(equalityName)).toEqual([
      "main.bits: out[i] * (out[i] -1 ) === 0 #6",
      "main.bits: lc1 === in",
    ]);
    expect(gadgets.lie(GADGETS_INPUT, bits).incoherent).toEqual([]);
    expect(gadgets.lie(GADGETS_INPUT, { "main.zeroCheck.out": 0n }).incoherent.length).toBeGreaterThan(0);
    expect(() => gadgets.lie(GADGETS_INPUT, { "main.nowhere": 1n })).toThrowError(
      expect.objectContaining({ code: "soundness/signal-missing" }),
    );
  });

  it("reaches into circomlib", async () => {
    const gadgets = await LaxTwin.build({ mainFile: fixture("gadgets"), workDir: WORK_DIR });
    expect(gadgets.lie(GADGETS_INPUT).satisfied).toBe(true);
    expect(gadgets.lie({ ...GADGETS_INPUT, number: 2n ** 40n })).toMatchObject({
      satisfied: false,
      broken: expect.arrayContaining([
        expect.objectContaining({
          component: "main.bits",
          template: "Num2Bits",
          file: "circomlib/bitify.circom",
          text: "lc1 === in;",
        }),
      ]),
    });
  });

  it("shows a hole: a false statement that the planted circuit accepts", async () => {
    const { calculator } = await loadFixture("unused-public-signal");
    const input = { secret: 3n, recipient: 4n };
    expect(calculator.calculate({ ...input, recipient: 5n })[1]).toBe(calculator.calculate(input)[1]);
    const planted = await LaxTwin.build({ mainFile: fixture("unused-public-signal"), workDir: WORK_DIR });
    expect(planted.lie({ ...input, recipient: 5n }).satisfied).toBe(true);
  });
});

describe("the edits of the sources", () => {
  const apply = (text: string, edits: readonly { start: number; end: number; text: string }[]) =>
    edits
      .toSorted((a, b) => b.start - a.start || b.end - a.end)
      .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);

  it("strip every === and every assert, and keep comments, strings, <== and the numbers of lines", async () => {
    const { files } = await readSources([fixture("statements"), fixture("assert-on-signal")]);
    for (const file of files) {
      const stripped = apply(file.text, stripEdits(file));
      const code = stripped.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"[^"\n]*"/g, "");
      expect(code).not.toMatch(/===|assert\s*\(/);
      expect(stripped.split("\n").length).toBe(file.text.split("\n").length);
      expect(stripped.match(/<==/g)?.length).toBe(file.text.match(/<==/g)?.length);
    }
    const [main] = files;
    const stripped = apply(main!.text, stripEdits(main!));
    expect(stripped).toContain("a === c; */");
    expect(stripped).toContain('log("a === c", a);');
    expect(stripped).toContain("if (n > 2) {} else {}");
  });

  it("mark every === of every template once", async () => {
    const { files } = await readSources([fixture("statements")]);
    for (const file of files) {
      const marked = apply(file.text, markEdits(file));
      const equalities = [...file.definitions].flatMap(({ statements: list }) =>
        list.filter(({ tokens }) => tokens.some(({ text }) => text === "===")),
      );
      expect([...marked.matchAll(/soundnessMark_\w+\[\d+\] \+ \(/g)].length).toBe(equalities.length);
    }
  });

  it("leave the sources as they are", async () => {
    expect(await readFile(fixture("statements"), "utf8")).not.toContain("sealpatchMark");
  });
});
