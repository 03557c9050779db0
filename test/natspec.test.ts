import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** What a reader of the ABI meets, and the comment directly before it. */
interface Declaration {
  readonly name: string;
  readonly comment: string;
}

const COMMENT = String.raw`(?:(?:[ \t]*///.*\n)+|[ \t]*/\*\*(?:(?!\*/)[\s\S])*\*/\n)?`;
const DECLARATION = new RegExp(
  [
    String.raw`^(?<comment>${COMMENT})[ \t]*(?:`,
    String.raw`(?<kind>event|error|struct|enum|contract|abstract contract|library|interface)\s+(?<name>\w+)`,
    String.raw`|function\s+(?<called>\w+)\s*\([^{;]*?\)[^{;(]*?\b(?:external|public)\b`,
    String.raw`|[\w.()=> ]+?\bpublic\b(?:\s+(?:constant|immutable))?\s+(?<variable>\w+)\s*[;=]`,
    ")",
  ].join(""),
  "gm",
);

/** Declarations of a Solidity source: types, events, errors, external and public functions and variables. */
function declarations(source: string): Declaration[] {
  return [...source.matchAll(DECLARATION)].map(({ groups }) => ({
    name: (groups!.name ?? groups!.called ?? groups!.variable)!,
    comment: groups!.comment!.replace(/^[ \t]*(?:\/\*\*|\*\/|\*(?!\/)|\/\/\/)[ \t]?|\*\/$/gm, "").trim(),
  }));
}

/** Whether a comment says something in words, or inherits what does. */
function saysSomething(comment: string): boolean {
  return /^@inheritdoc \w+$/.test(comment) || /^@(?:dev|title) [A-Z\d`]\S*(?: [^@\s]+)+/.test(comment);
}

const files = readdirSync("contracts", { recursive: true })
  .map((file) => `contracts/${file}`)
  .filter((file) => file.endsWith(".sol"));

describe("NatSpec", () => {
  it.each(files)("is there for all that the ABI of %s shows", (file) => {
    const declared = declarations(readFileSync(file, "utf8"));
    expect(declared.length).toBeGreaterThan(0);
    expect(declared.filter(({ comment }) => !saysSomething(comment)).map(({ name }) => name)).toEqual([]);
  });

  it("is missed where there is none", () => {
    const source = `
      /// @dev A pair of things that belong together.
      interface Pair {
          event Bare(uint256 value);
          /// @dev The pair was made of \`left\`.
          event Made(address left);
          /** not NatSpec that says anything */
          error Odd(
              uint256 value
          );

          /// @dev Far away.

          function alone(uint256 a) external view returns (uint256);
          /**
           * @dev Answers what it is asked.
           * @param a nothing
           */
          function answer(uint256 a) external view returns (uint256);
          uint256 public constant WHAT = 1;
          function own() internal {}
      }`;
    expect(declarations(source).map(({ name }) => name)).toEqual([
      "Pair",
      "Bare",
      "Made",
      "Odd",
      "alone",
      "answer",
      "WHAT",
    ]);
    expect(
      declarations(source)
        .filter(({ comment }) => !saysSomething(comment))
        .map(({ name }) => name),
    ).toEqual(["Bare", "Odd", "alone", "WHAT"]);
  });
});
