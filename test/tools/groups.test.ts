import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chosenBy, runDeep } from "../../tools/test/deep-run.js";
import { DEEP, type DeepGroup } from "../../tools/test/groups.js";
import { close, runSuites } from "../../tools/test/suites.js";

const deepFiles = readdirSync("test", { recursive: true })
  .map((file) => `test/${file}`)
  .filter((file) => file.endsWith(".deep.test.ts"));

describe("the deep groups", () => {
  it("hold every deep test file, each in one group", () => {
    expect(deepFiles.length).toBeGreaterThan(5);
    expect(DEEP.flatMap(({ files = [] }) => files).toSorted()).toEqual(deepFiles.toSorted());
  });

  it("have names of their own, and at most ten minutes each", () => {
    expect(new Set(DEEP.map(({ name }) => name)).size).toBe(DEEP.length);
    for (const { name, what, minutes } of DEEP) {
      expect(minutes).toBeLessThanOrEqual(10);
      // As `--list` prints them, within 80 columns.
      expect(`${name.padEnd(12)}${what}`.length).toBeLessThanOrEqual(80);
    }
  });

  it("begin at the one that the commit chooses, and lose none", () => {
    for (const [hash, first] of [
      ["0", 0],
      ["a", 10 % DEEP.length],
      [
        "ffffffffffffffffffffffffffffffffffffffff",
        Number(BigInt(`0x${"f".repeat(40)}`) % BigInt(DEEP.length)),
      ],
    ] as const) {
      const chosen = chosenBy(hash, DEEP);
      expect(chosen[0]).toBe(DEEP[first]);
      expect(new Set(chosen)).toEqual(new Set(DEEP));
    }
  });
});

describe("running suites", () => {
  it("fails where one counted nothing", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const silent = async () => ({ passed: 0, failed: 0 });
    const loud = async () => ({ passed: 2, failed: 0 });
    expect(await runSuites({ loud, silent })).toEqual({ passed: 2, failed: 1 });
    expect(close(await runSuites({ loud }))).toBe(0);
    expect(close({ passed: 0, failed: 0 })).toBe(1);
    vi.restoreAllMocks();
  });

  it("goes on where one breaks off, and counts it as failed", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const broken = async () => {
      throw new Error("no tarball");
    };
    const loud = async () => ({ passed: 2, failed: 0 });
    expect(await runSuites({ broken, loud })).toEqual({ passed: 2, failed: 1 });
    vi.restoreAllMocks();
  });
});

describe("running deep groups", () => {
  let lines: string[] = [];
  beforeEach(() => {
    lines = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => lines.push(line));
  });
  afterEach(() => vi.restoreAllMocks());

  const ran: string[] = [];
  const group = (name: string, minutes: number, count = { passed: 2, failed: 0 }): DeepGroup => ({
    name,
    what: "",
    minutes,
    suite: async () => {
      ran.push(name);
      return count;
    },
  });

  it("starts none that does not fit into the budget at the machine's pace, and adds up the others", async () => {
    const groups = [group("a", 5), group("b", 9), group("c", 4, { passed: 1, failed: 3 })];
    expect(await runDeep(groups, { budget: 16, pace: 2 })).toEqual({ passed: 3, failed: 3 });
    expect(ran.splice(0)).toEqual(["a", "c"]);
    expect(lines).toContain("deep groups that ran: a, c");
    expect(lines).toContain("deep groups that did not run: b");
    expect(await runDeep(groups)).toEqual({ passed: 5, failed: 3 });
    expect(ran.splice(0)).toEqual(["a", "b", "c"]);
    // A machine that seems faster than two quiet cores is not believed.
    expect(await runDeep(groups, { budget: 6, pace: 0.1 })).toEqual({ passed: 3, failed: 3 });
    expect(ran.splice(0)).toEqual(["a", "c"]);
  });
});
