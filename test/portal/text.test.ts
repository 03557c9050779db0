import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TEXT } from "../../src/portal/page/text.js";
import { duration, moment } from "../../src/portal/page/times.js";
import { CHAIN, DATA, page, state, statement } from "./sample-page.js";

const holes = new Proxy<Record<string, string>>({}, { get: (_, name) => `{${String(name)}}` });
const documented = readFileSync("docs/portal.md", "utf8");
const rows = [...documented.matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) \|$/gm)].map(
  ([, name, text, behind]) => ({
    name: name!,
    text: text!,
    behind: behind!,
  }),
);
const model = readFileSync("src/portal/model.ts", "utf8");

/** Whether what is said to stand behind a sentence is there. */
function stands(behind: string): boolean {
  const [kind, ...rest] = behind.split(" ");
  const text = rest.join(" ");
  const names = [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  switch (kind) {
    case "page":
      return text === "";
    case "check": {
      const ids = /Names the sentence: (.*)\./.exec(model)![1]!;
      return names.length > 0 && names.every((name) => ids.includes(`\`${name}\``));
    }
    case "problem":
      return names.length === 1 && model.includes(`| "${names[0]}"`);
    case "value":
      return names.length === 1 && has({ ...page().state, chain: CHAIN, data: DATA }, names[0]!);
    case "command":
      return names.length === 1 && readFileSync("docs/cli.md", "utf8").includes(`## sealpatch ${names[0]}\n`);
    case "limit":
      return flat(readFileSync("docs/limits.md", "utf8")).includes(/“(.*)”/.exec(text)![1]!);
    default:
      return false;
  }
}

const flat = (text: string) => text.replaceAll("**", "").replaceAll(/\s+/g, " ");

function has(value: unknown, path: string): boolean {
  let found = value;
  for (const key of path.split(/[.[\]]+/).filter(Boolean)) {
    if (typeof found !== "object" || found === null || !(key in found)) return false;
    found = (found as Record<string, unknown>)[key];
  }
  return true;
}

describe("every sentence of the page", () => {
  it("stands in docs/portal.md, word for word and once", () => {
    const shown = Object.entries(TEXT).map(([name, make]) => [
      name,
      (make as (values: Record<string, string>) => string)(holes),
    ]);
    expect(rows.map(({ name, text }) => [name, text])).toEqual(shown);
    expect(rows.length).toBeGreaterThan(100);
  });

  it("has a check, a value, a problem, a command or a limit behind it, which is there", () => {
    expect(rows.filter(({ behind }) => !stands(behind))).toEqual([]);
    for (const behind of [
      "value `lane.nothing`",
      "check `none`",
      "limit “no such limit”",
      "problem `none`",
      "x",
    ])
      expect(stands(behind), behind).toBe(false);
  });

  it("says in the same sentence that results rest on signatures", () => {
    for (const name of ["wordsResults", "wordsResultsOf"] as const) {
      const text = TEXT[name]({ k: "2", n: "3", waived: "1" });
      expect(text).toMatch(/^[^.]*signed results[^.]*rests on their signatures and not on the proof[^.]*\.$/);
    }
  });

  it("one command checks everything about a statement", () => {
    const line = TEXT.commandStatement({
      ...{ release: "0.1.0", id: "0x1", timelock: "0x2", fromBlock: "3", keys: " --keys 0x4" },
    });
    expect(line).toBe("npx sealpatch@0.1.0 verify 0x1 --rpc NODE --timelock 0x2 --from-block 3 --keys 0x4");
    expect(rows.find(({ name }) => name === "allAtOnce")?.behind).toBe("command `verify`");
  });
});

describe("times and durations", () => {
  it("durations have two units at most", () => {
    expect(duration(52 * 3600 + 59)).toBe("2 days 4 hours");
    expect(duration(3600)).toBe("1 hour");
    expect(duration(59n)).toBe("59 seconds");
    expect(duration(-5n)).toBe("0 seconds");
    expect(duration(2n ** 64n)).toMatch(/days/);
  });

  it("a time stands there by the reader's zone and by UTC", () => {
    expect(moment(1_800_000_000n, "Asia/Tokyo")).toBe(
      "15 Jan 2027, 17:00 (Asia/Tokyo; 15 Jan 2027, 08:00 UTC)",
    );
    expect(moment(1_800_000_000n, "UTC")).toBe("15 Jan 2027, 08:00 UTC");
    expect(moment(2n ** 64n)).toBe("18446744073709551616");
  });

  it("the sample is one of the model", () => {
    expect(state([statement()]).statements).toHaveLength(1);
  });
});
