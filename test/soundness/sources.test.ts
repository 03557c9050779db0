import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateConstant } from "../../soundness/constants.js";
import { findWideDecompositions } from "../../soundness/forbidden.js";
import { findHints } from "../../soundness/hints.js";
import { checkLedger, type Ledger, readLedger } from "../../soundness/ledger.js";
import { readSources } from "../../soundness/sources.js";
import { tokenize } from "../../soundness/tokens.js";
import { CORRECT, fixture } from "./fixtures.js";

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "sources-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function sourcesOf(text: string) {
  const file = join(scratch, "main.circom");
  await writeFile(file, text);
  return readSources([file]);
}

describe("hints", () => {
  it("are found in every form of assignment, and in no comment, string or comparison", async () => {
    const sources = await sourcesOf(`
      template Inner() { signal input in[2]; signal output out; out <== in[0]; }
      template T(n) {
        signal input a;
        signal first <-- a / 2;
        signal {bit} output second <-- a, third[2];
        component inner[2];
        for (var i = 0; i < 2; i++) { inner[i] = Inner(); inner[i].in[1] <-- i; a * i --> inner[i].in[0]; }
        third[1 - 0] <-- a < -1 ? 1 : 2; // fourth <-- a;
        /* fifth <-- a; */ log("sixth <-- a");
        if (a <- 3) { } else third[0] <-- 3;
        first + second === a;
      }
      component main = T(3);`);
    expect(findHints(sources).map(({ line, signal }) => [line, signal])).toEqual([
      [5, "first"],
      [6, "second"],
      [8, "inner[i].in[1]"],
      [8, "inner[i].in[0]"],
      [9, "third[1-0]"],
      [11, "third[0]"],
    ]);
  });

  it("are counted in circomlib where its templates are used, and only there", async () => {
    const sources = await sourcesOf(`
      include "comparators.circom";
      template T() { signal input a; component zero = IsZero(); zero.in <== a; }
      component main = T();`);
    expect(findHints(sources)).toMatchObject([{ file: "circomlib/comparators.circom", signal: "inv" }]);
  });
});

describe("sources without a main component", () => {
  it("count with all of their templates", async () => {
    const sources = await sourcesOf("template T() { signal input a; signal b <-- a; }");
    expect(findHints(sources)).toMatchObject([{ template: "T", signal: "b" }]);
  });
});

describe("the ledger", () => {
  const paths = ["gadgets", "merkle", "signature", "pinned-copy", "statements"].map(fixture);
  const check = async (change: (ledger: Ledger) => void) => {
    const ledger = await readLedger(join(CORRECT, "ledger.json"));
    change(ledger);
    return checkLedger(await readSources(paths), ledger);
  };

  it("agrees with the sources", async () => {
    expect(await check(() => {})).toEqual([]);
  });

  it("refuses a hint without an entry", async () => {
    expect(await check((ledger) => ledger.hints.pop())).toMatchObject([
      { problem: "missing", signal: "copy" },
    ]);
  });

  it("refuses an entry without its hint", async () => {
    expect(
      await check((ledger) => ledger.hints.push({ ...ledger.hints[0]!, signal: "outs[i]" })),
    ).toMatchObject([{ problem: "stale", signal: "outs[i]" }]);
    expect(
      await check((ledger) => ledger.hints.push({ ...ledger.hints[0]!, template: "Bits" })),
    ).toMatchObject([{ problem: "stale", template: "Bits" }]);
  });

  it("refuses a quoted constraint that does not stand in the template", async () => {
    expect(
      await check((ledger) => {
        ledger.hints[0]!.pinnedBy[0] = "out[i] * (out[i] - 2) === 0";
      }),
    ).toMatchObject([{ problem: "constraint-absent", constraint: "out[i] * (out[i] - 2) === 0" }]);
    // An assignment is no constraint, although it stands there.
    expect(await check((ledger) => ledger.hints[0]!.pinnedBy.push("out[i] <-- (in >> i) & 1"))).toMatchObject(
      [{ problem: "constraint-absent" }],
    );
  });

  it("refuses an entry whose constraints do not mention the signal", async () => {
    expect(
      await check((ledger) => {
        ledger.hints[0]!.pinnedBy = ["lc1 === in"];
      }),
    ).toMatchObject([{ problem: "signal-not-mentioned", signal: "out[i]" }]);
  });

  it("refuses a file that is no ledger", async () => {
    const file = join(scratch, "ledger.json");
    for (const text of [
      "",
      "{}",
      '[{"file": "a"}]',
      '{"hints":[]}',
      '{"ownHints":"listed","hints":[{"file":"a","template":"T","signal":"s","pinnedBy":[]}]}',
    ]) {
      await writeFile(file, text);
      await expect(readLedger(file)).rejects.toMatchObject({ code: "soundness/ledger-invalid" });
    }
  });
});

describe("decompositions", () => {
  const wide = async (body: string, main = "T(5)") =>
    findWideDecompositions(
      await sourcesOf(`
        include "bitify.circom";
        function WIDTH(x) { return x + 200; }
        template Inner(n) { signal input in; component bits = Num2Bits(n); bits.in <== in; }
        template T(n) { signal input in; ${body} }
        component main { public [in] } = ${main};`),
    ).map(({ template, text }) => `${template} ${text}`);

  it("of 254 bits and more are found, however the number is written", async () => {
    expect(await wide("component c = Num2Bits(254);")).toEqual(["T Num2Bits(254)"]);
    expect(await wide("component c; c = Num2Bits(WIDTH(n) + 0x31);")).toEqual([
      "T Num2Bits(WIDTH ( n ) + 0x31)",
    ]);
    expect(await wide("var k = n * 50; component c = Inner(k + (n > 3 ? 4 : 3));")).toEqual([
      "Inner Num2Bits(n)",
    ]);
    expect(await wide("component c = Num2BitsNeg(1 << 8);")).toEqual(["T Num2BitsNeg(1 << 8)"]);
  });

  it("of a width that cannot be told count as too wide", async () => {
    expect(await wide("var k = 1; for (var i = 0; i < n; i++) k += 1; component c = Inner(k);")).toEqual([
      "Inner Num2Bits(n)",
    ]);
  });

  it("of 253 bits, and the strict one, pass", async () => {
    expect(await wide("component c = Num2Bits(253); component d = Inner(n ** 3);")).toEqual([]);
    expect(await wide("component c = Num2Bits_strict(); c.in <== in;")).toEqual([]);
  });
});

describe("constant expressions", () => {
  it("have the value that Circom gives them", () => {
    const value = (text: string) => evaluateConstant(tokenize(text, "test"), new Map([["n", 7n]]), new Map());
    const cases: [string, bigint | undefined][] = [
      ["1 + 2 * 3 ** 2 - 4", 15n],
      ["(n + 14) \\ 15 % 4", 1n],
      ["1 << 3 + 1 | 1", 17n],
      ["-n + 8", 1n],
      ["n == 7 && n != 8 || 0 ? 254 : 253", 254n],
      ["n >= 8 ? 1 : n <= 6 ? 2 : 3", 3n],
      ["n & 6 ^ 1", 7n],
      ["2 ** 600", undefined],
      ["n / 2", undefined],
      ["n \\ 0", undefined],
      ["m + 1", undefined],
      ["n[0]", undefined],
      ["f(n)", undefined],
      ["", undefined],
    ];
    for (const [text, expected] of cases) expect([text, value(text)]).toEqual([text, expected]);
  });
});

describe("sources", () => {
  it("that are no Circom are refused with the line", async () => {
    await expect(sourcesOf("template T() {\n signal input a;\n # }")).rejects.toMatchObject({
      code: "soundness/source-invalid",
      details: { line: 3 },
    });
    await expect(sourcesOf("template T() { signal input a")).rejects.toMatchObject({
      code: "soundness/source-invalid",
    });
  });

  it("that include what does not exist are refused", async () => {
    await expect(sourcesOf('include "nowhere.circom";')).rejects.toMatchObject({
      code: "soundness/include-missing",
    });
  });
});
