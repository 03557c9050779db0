import { describe, expect, it } from "vitest";
import { ROOT } from "../src/places.js";
import { findProblems, parseProperties, readRepository, testNames } from "../tools/properties/main.js";

// Ids of the made-up inputs stand in strings alone: a title of this file that held one would claim to test it.
const DOCUMENT = [
  "# Properties",
  "Prose that mentions P77 defines nothing.",
  "- **P01** Nothing is lost. Tests: `test/a.test.ts`: `P01: keeps it`, `keeps more`; `test/b.t.sol`.",
  "- **T02** Somebody takes it. Tests: `test/b.t.sol`: `test_T02_refused`.",
].join("\n");

const TESTS = new Map([
  ["test/a.test.ts", ["P01: keeps it", "keeps more"]],
  ["test/b.t.sol", ["test_P01_T02_both", "test_T02_refused"]],
]);

const problemsOf = (document: string, tests = TESTS) => findProblems(parseProperties(document), tests);
const withTests = (file: string, names: string[]) => new Map([...TESTS, [file, names]]);

describe("the check of properties against tests", () => {
  it("passes where each id has a test and each named test exists", () => {
    expect(problemsOf(DOCUMENT)).toEqual([]);
  });

  it("finds an id that no test has in its name", () => {
    const document = `${DOCUMENT}\n- **P03** New. Tests: \`test/a.test.ts\`: \`keeps more\`.`;
    expect(problemsOf(document)).toEqual(["P03: no test has it in its name"]);
  });

  it("finds an id for which the document names no test", () => {
    const problems = problemsOf(DOCUMENT.replace(/ Tests: `test\/b.*/, ""));
    expect(problems).toEqual(["T02: docs/properties.md names no test for it"]);
  });

  it("finds a test with an id that the document does not have", () => {
    expect(problemsOf(DOCUMENT, withTests("test/c.test.ts", ["T09: other"]))).toEqual([
      'test/c.test.ts: "T09: other" has T09, which docs/properties.md does not have',
    ]);
    expect(problemsOf(DOCUMENT, withTests("test/c.t.sol", ["testFuzz_P01_P08_more"]))).toHaveLength(1);
  });

  it("finds names of tests and files that do not exist", () => {
    expect(problemsOf(DOCUMENT.replace("keeps more", "keeps all"))).toEqual([
      'P01: test/a.test.ts has no test "keeps all"',
    ]);
    expect(problemsOf(DOCUMENT.replace("a.test.ts", "z.test.ts"))).toHaveLength(2);
  });

  it("finds a file named as a whole, none of whose tests has the id", () => {
    expect(problemsOf(DOCUMENT, withTests("test/b.t.sol", ["test_T02_refused"]))).toEqual([
      "P01: no test of test/b.t.sol has it in its name",
    ]);
  });

  it("finds an id that stands twice, and a document without any", () => {
    expect(problemsOf(`${DOCUMENT}\n${DOCUMENT.split("\n").at(-1)}`)).toEqual([
      "docs/properties.md: T02 stands twice",
    ]);
    expect(findProblems(parseProperties("# Properties"), new Map())).toEqual([
      "docs/properties.md: no property",
    ]);
  });

  it("holds for this repository", async () => {
    const { properties, tests } = await readRepository(ROOT);
    expect(findProblems(properties, tests)).toEqual([]);
  });
});

describe("names of tests are read", () => {
  it("from every form of a title in TypeScript, and from nothing else", () => {
    const source = `
      describe("a \\"quoted\\" title", () => {
        it('single', () => {});
        // it("in a comment", () => {});
        it.each([["x", (1)], [")", 2]] as const)("each %s", () => {});
        it.runIf(process.platform === "linux")(
          "on a line of its own",
          () => {},
        );
        test(\`with \${values}\`, () => {});
        it.skip("skipped", () => {});
        it.todo("not written");
        expect(/["'](it)/.test("not a title")).toBe(false);
        const text = 'it("in a string")';
        it("after it", () => {});
      });`;
    expect(testNames("test/x.test.ts", source)).toEqual([
      'a "quoted" title',
      "single",
      "each %s",
      "on a line of its own",
      `with \${values}`,
      "after it",
    ]);
  });

  it("from functions of Solidity that forge runs", () => {
    const source = `
      function setUp() public {}
      function test_one() public {}
      // function test_commented() public {}
      function testFuzz_two(uint256 x) public {}
      function invariant_three() public view {}
      function _testHelper() internal {}`;
    expect(testNames("test/x.t.sol", source)).toEqual(["test_one", "testFuzz_two", "invariant_three"]);
  });

  it("from lists of statements", () => {
    const source = `
      const LIST = [
        lie("first", "Bind", (s) => {}),
        lie(
          "second",
          KEPT,
          set("codeDigest", digest(99)),
        ),
        lie("third", "Prefix", setAt("used", 1, 2n)),
      ];`;
    expect(testNames("test/x/false-statements.ts", source)).toEqual(["first", "second", "third"]);
    expect(testNames("test/x/other.ts", source)).toEqual([]);
  });
});
