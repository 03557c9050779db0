import { describe, expect, it } from "vitest";
import { canonicalLayout, diffLayouts, readContractLayout } from "../../src/layout/index.js";
import { type CompilerVersion, compileSolidity } from "../../tools/solc.js";
import { compileLayout, layoutSource } from "./compile.js";

const failure = (code: string, properties: object = {}) => expect.objectContaining({ code, ...properties });

describe("a storage location that is not one annotation with one argument is refused", () => {
  const commented = (comment: string) =>
    `contract C { ${comment}\nstruct S { uint256 total; uint256 cap; } }`;

  it.each([
    ["on two lines", "/** @custom:storage-location\n * erc7201:acme.vault */", "no argument"],
    ["without an argument", "/// @custom:storage-location", "no argument"],
    [
      "with two arguments",
      "/// @custom:storage-location erc7201:acme.vault erc7201:acme.other",
      "more than one",
    ],
    ["with words behind it", "/// @custom:storage-location erc7201:acme.vault holds all", "more than one"],
    [
      "with words on the next line",
      "/** @custom:storage-location erc7201:acme.vault\n * holds all */",
      "more than one",
    ],
    [
      "twice",
      "/// @custom:storage-location erc7201:acme.vault\n/// @custom:storage-location erc7201:acme.vault",
      "more than one",
    ],
    ["in the middle of a line", "/// The vault. @custom:storage-location erc7201:acme.vault", "no line"],
    ["with an underscore", "/// @custom:storage_location erc7201:acme.vault", "no line"],
    ["in capitals", "/// @custom:Storage-Location erc7201:acme.vault", "no line"],
    ["with a colon behind the tag", "/// @custom:storage-location: erc7201:acme.vault", "no line"],
    ["with quotes", '/// @custom:storage-location erc7201:"acme.vault"', "the id"],
    ["with a semicolon", "/// @custom:storage-location erc7201:acme.vault;", "the id"],
  ])("%s", (_, comment, why) => {
    expect(() => compileLayout(commented(comment))).toThrow(
      failure("layout/malformed-annotation", {
        details: { where: "struct C.S" },
        why: expect.stringContaining(why),
      }),
    );
  });

  it("on something else than a struct", () => {
    const annotation = "/// @custom:storage-location erc7201:acme.vault\n";
    for (const source of [
      `${annotation}contract C { uint256 total; }`,
      `contract C { ${annotation} uint256 total; }`,
      `contract C { ${annotation} function f() external {} }`,
    ]) {
      expect(() => compileLayout(source)).toThrow(failure("layout/malformed-annotation"));
    }
  });

  it("and not where it is one, with other tags and spaces around it", () => {
    for (const comment of [
      "/// @custom:storage-location erc7201:acme.vault",
      "///   @custom:storage-location\terc7201:acme.vault  ",
      "/** The vault.\n * @custom:storage-location erc7201:acme.vault\n *\n * @dev More. */",
      "/// @custom:storage-location erc7201:acme-2/vault_x\n/// @custom:storage-size 2",
    ]) {
      expect(compileLayout(commented(comment)).entries).toHaveLength(2);
    }
  });
});

describe("annotations that the compiler leaves out of the syntax trees are refused", () => {
  const contract = (members: string, more = "") => `contract C {
    /// @custom:storage-location erc7201:acme.vault
    struct S { ${members} }
    function store() internal pure returns (S storage s) { assembly { s${more} := 5 } }
    function total() external view returns (uint256) { return store().total; }
  }`;
  const source = contract("uint256 total; uint256 cap;", ".slot");
  const compile = (text: string, compiler: CompilerVersion) =>
    layoutSource(compileSolidity({ compiler, code: false, sources: { "C.sol": text } }), "C");

  it("where the source shows one, whether the compiler's version is known or not", () => {
    const old = compile(source, "0.7.6");
    for (const compiler of [{}, { compiler: "0.7.6+commit.7338295f.Emscripten.clang" }]) {
      expect(() => canonicalLayout({ ...old, ...compiler, sources: { "C.sol": source } })).toThrow(
        failure("layout/annotation-not-shown", { why: expect.stringContaining("C.sol holds an annotation") }),
      );
    }
  });

  it("in a diff of the field's members that change places, which was 0 -> 0 entries and preserved", () => {
    const read = (text: string) =>
      readContractLayout(
        compileSolidity({ compiler: "0.7.6", code: false, sources: { "C.sol": text } }),
        "C.sol:C",
        {
          sources: { "C.sol": text },
        },
      );
    expect(() => diffLayouts(read(source), read(contract("uint256 cap; uint256 total;", ".slot")))).toThrow(
      failure("layout/annotation-not-shown"),
    );
  });

  it("where the source is not at hand, and assembly sets the slot of a struct", () => {
    const old = compile(source, "0.7.6");
    expect(() => canonicalLayout({ ...old, compiler: "0.8.19" })).toThrow(
      failure("layout/annotation-not-shown"),
    );
    const plain = source.replace(/\/\/\/.*\n/, "");
    expect(canonicalLayout({ ...old, compiler: "0.8.19", sources: { "C.sol": plain } }).entries).toEqual([]);
  });

  it("in each source that holds code of the contract, and in no other", () => {
    const files = {
      "C.sol": 'import "./Base.sol"; import "./Other.sol"; contract C is Base { uint256 x; }',
      "Base.sol": "contract Base { struct S { uint256 a; } S internal s; }",
      "Other.sol": `contract Other { ${source.slice(source.indexOf("///"), source.indexOf("function"))} }`,
    };
    const output = compileSolidity({ compiler: "0.7.6", code: false, sources: files });
    const read = (name: string) =>
      canonicalLayout({ ...layoutSource(output, name, `${name}.sol`), compiler: "0.7.6", sources: files });
    expect(read("C").entries).toHaveLength(2);
    expect(() => read("Other")).toThrow(failure("layout/annotation-not-shown"));
  });

  it.each(["0.8.20", "v0.8.30+commit.73712a01", "0.9.0", "1.0.0"])("and not with solc %s", (compiler) => {
    const commented = "contract C { // @custom:storage-location erc7201:x\n uint256 a; }";
    const shown = { ...compile(commented, "0.8.30"), sources: { "C.sol": commented } };
    expect(canonicalLayout({ ...shown, compiler }).entries).toHaveLength(1);
    expect(() => canonicalLayout({ ...shown, compiler: "0.8.9" })).toThrow(
      failure("layout/annotation-not-shown"),
    );
  });
});
