import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inWordsOfOptions } from "../src/cli/remedies.js";
import { ERRORS } from "../src/error-codes/index.js";
import { SealpatchError } from "../src/errors.js";
import { sealpatch } from "./cli/sealpatch.js";
import { sourceFiles, stringsOf } from "./source-strings.js";

const files = [...sourceFiles("src"), ...sourceFiles("corpus")];
/** A code as it is written: area and what is wrong. */
const CODE = /^[a-z]+\/[a-z0-9-]+$/;
/** Where errors are thrown: neither the catalogue nor the table of the command line. */
const thrown = files.filter((file) => !file.startsWith("src/error-codes/") && file !== "src/cli/remedies.ts");
// Apart from what other programs have to be told, readers of a report or of a Safe's document, and a page's style.
const APART = [
  "src/compiler-settings.ts",
  "src/portal/commands.ts",
  "src/portal/page/text.ts",
  "src/portal/style.ts",
  "src/report/hashes.ts",
  "src/report/style.ts",
  "src/safe/validation.ts",
];
const sdk = files.filter((file) => !file.startsWith("src/cli/") && !APART.includes(file));
const strings = new Map(files.map((file) => [file, stringsOf(readFileSync(file, "utf8"))]));

/** Commands of other programs that a remedy may quote: theirs have options, too. */
const OTHERS = /`(?:anvil|forge|npm|solc) [^`]*`/g;

/** Whether a text tells people to use an option or a command of `sealpatch`. */
function namesCommandLine(text: string): boolean {
  const own = text.replace(OTHERS, "");
  const isText = /\s/.test(text);
  return (
    isText &&
    (/(^|[\s(`])--[a-z]/.test(own) ||
      /\bsealpatch (auditor|council|init|policy|vectors|layout|keys|drill)\b/.test(own) ||
      /`vectors /.test(own))
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

describe("the catalogue of error codes", () => {
  const catalogue = (file: string) => file.startsWith("src/error-codes/");
  const codes = Object.keys(ERRORS);

  it("has no code that nothing throws", () => {
    const used = new Set(thrown.flatMap((file) => strings.get(file)!));
    expect(codes.filter((code) => !used.has(code))).toEqual([]);
  });

  it("has each code once, in order, with two sentences", () => {
    for (const file of files.filter(catalogue)) {
      const own = strings.get(file)!.filter((text) => CODE.test(text));
      expect(own, file).toEqual(own.toSorted());
    }
    const all = files
      .filter(catalogue)
      .flatMap((file) => strings.get(file)!.filter((text) => CODE.test(text)));
    expect(all.toSorted()).toEqual(codes.toSorted());
    for (const [code, { meaning, remedy }] of Object.entries(ERRORS)) {
      for (const text of [meaning, remedy]) expect(text, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("is imported for its types only: nothing loads it when the package runs", () => {
    for (const file of thrown) {
      const imports = readFileSync(file, "utf8").match(/^(?:import|export) .*error-codes\/.*$/gm) ?? [];
      for (const line of imports) expect(line, file).toMatch(/^(?:import|export) type /);
    }
  });

  it("types the code of every error", () => {
    // @ts-expect-error no such code
    expect(new SealpatchError("code/never-thrown", "an unknown code").code).toBe("code/never-thrown");
  });
});

describe("the command line", () => {
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
