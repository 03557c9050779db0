import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inWordsOfOptions, OPTIONS_OF_REMEDIES } from "../src/cli/remedies.js";
import { SealpatchError } from "../src/errors.js";
import { sealpatch } from "./cli/sealpatch.js";
import { sourceFiles, stringsOf } from "./source-strings.js";

const files = sourceFiles("src");
const sdk = files.filter((file) => !file.startsWith("src/cli/"));
const strings = new Map(files.map((file) => [file, stringsOf(readFileSync(file, "utf8"))]));

/** Commands of other programs that a remedy may quote: theirs have options, too. */
const OTHERS = /`(?:forge|npm|solc) [^`]*`/g;

/** Whether a text tells people to use an option or a command of `sealpatch`. */
function namesCommandLine(text: string): boolean {
  const own = text.replace(OTHERS, "");
  const isText = /\s/.test(text);
  return (
    isText &&
    (/(^|[\s(`])--[a-z]/.test(own) || /\bsealpatch (vectors|layout)\b/.test(own) || /`vectors /.test(own))
  );
}

describe("errors of the SDK", () => {
  it("name no option and no command of the command line", () => {
    const found = sdk.flatMap((file) =>
      strings
        .get(file)!
        .filter(namesCommandLine)
        .map((text) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  it("the check finds what it looks for, and leaves other programs alone", () => {
    expect(namesCommandLine("name the contract with --subject ADDRESS")).toBe(true);
    expect(namesCommandLine("record its call (`vectors record call`)")).toBe(true);
    expect(namesCommandLine("`sealpatch vectors list` shows both")).toBe(true);
    expect(namesCommandLine("run `forge build --force --ast` and read it again")).toBe(false);
    expect(namesCommandLine("--chain-id")).toBe(false);
  });
});

describe("the command line", () => {
  it("adds its options to codes that there are", () => {
    const all = new Set(sdk.flatMap((file) => strings.get(file)!));
    for (const code of Object.keys(OPTIONS_OF_REMEDIES)) expect(all.has(code), code).toBe(true);
  });

  it("shows them, in words and as JSON", async () => {
    const words = await sealpatch("vectors", "root", "nowhere.json");
    expect(words.stderr).toMatch(/to do: .+ \(sealpatch vectors record makes one\)\n$/);
    const { error } = JSON.parse((await sealpatch("vectors", "root", "nowhere.json", "--json")).stdout);
    expect(error.remedy).toContain("(sealpatch vectors record makes one)");
  });

  it("adds them to the remedy, and changes nothing else", () => {
    const cause = new Error("below");
    const options = { details: { beacon: "0x01" }, why: "it is unclear", remedy: "give the pointer", cause };
    const shown = inWordsOfOptions(new SealpatchError("vectors/beacon-unclear", "no slot", options));
    expect(shown).toMatchObject({
      ...options,
      code: "vectors/beacon-unclear",
      message: "no slot",
      remedy: "give the pointer (--pointer ACCOUNT:SLOT)",
    });
    const other = new SealpatchError("code/empty", "the code is empty", { remedy: "check the address" });
    expect(inWordsOfOptions(other)).toBe(other);
  });
});
