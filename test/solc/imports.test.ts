import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Compiler,
  collectFile,
  collectSources,
  compileInProcess,
  findCompiler,
} from "../../src/solc/index.js";

const COMPILERS = ["0.5.13", "0.7.6", "0.8.30"].map((version) => findCompiler(version));

let root: string;

/** Writes files below a folder of their own; a value `-> path` makes a link. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, "project-"));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), path);
    else writeFileSync(path, text);
  }
  return folder;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "sealpatch-imports-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A contract that inherits from what it imports: it compiles only where all of that is there. */
const using = (imports: string, ...names: readonly string[]) =>
  `${imports}\ncontract A is ${names.join(", ")} {}`;
const contract = (name: string, variable = name.toLowerCase()) => `contract ${name} { uint256 ${variable}; }`;

/** What the compiler makes of a collected file: the variables of contract A. */
function variables(file: string, compiler: Compiler): string[] {
  const { sourceName, sources, remappings } = collectFile(file, compiler);
  const settings = { remappings, outputSelection: { "*": { A: ["storageLayout"] } } };
  const output = compileInProcess({ language: "Solidity", sources, settings }, compiler);
  const { storageLayout } = output.contracts[sourceName]!.A as {
    storageLayout: { storage: { label: string }[] };
  };
  for (const name of Object.keys(sources)) expect(name).not.toContain(root.slice(1));
  return storageLayout.storage.map(({ label }) => label);
}

interface Form {
  readonly files: Readonly<Record<string, string>>;
  /** The file with contract A; `A.sol` if not given. */
  readonly start?: string;
  /** Variables of A in their order. */
  readonly variables: readonly string[];
  /** Names of its sources, where they matter. */
  readonly names?: readonly string[];
}

const FORMS: Readonly<Record<string, Form>> = {
  "without a blank": {
    files: { "A.sol": using('import{T}from"./T.sol";', "T"), "T.sol": contract("T") },
    variables: ["t"],
  },
  "two on a line": {
    files: {
      "A.sol": using('import "./T.sol"; import {U} from "./U.sol";', "T", "U"),
      "T.sol": contract("T"),
      "U.sol": contract("U"),
    },
    variables: ["t", "u"],
  },
  "with comments inside": {
    files: { "A.sol": using('import /* c */ "./T.sol"; // import "./No.sol";', "T"), "T.sol": contract("T") },
    variables: ["t"],
  },
  "with an alias, over lines": {
    files: {
      "A.sol": using('import {\n  T as V, // the first\n  U\n} from\n "./T.sol";', "V", "U"),
      "T.sol": `${contract("T")} ${contract("U")}`,
    },
    variables: ["t", "u"],
  },
  "of a unit": {
    files: { "A.sol": using('import * as X from "./T.sol";', "X.T"), "T.sol": contract("T") },
    variables: ["t"],
  },
  "inside of a comment, which is none": {
    files: { "A.sol": using('/*\nimport "./No.sol";\n*/\nimport "./T.sol";', "T"), "T.sol": contract("T") },
    variables: ["t"],
  },
  "inside of a text, which is none": {
    files: {
      "A.sol": `contract A { uint256 a; string constant S = 'import "./No.sol";\\\nimport "./No.sol";'; }`,
    },
    variables: ["a"],
  },
  "behind a byte order mark": {
    files: { "A.sol": `\uFEFF${using('import "./T.sol";', "T")}`, "T.sol": `\uFEFF${contract("T")}` },
    variables: ["t"],
  },
  "with escapes": {
    files: { "A.sol": using('import "./\\x54.sol";', "T"), "T.sol": contract("T") },
    variables: ["t"],
  },
  "behind a pragma of another release": {
    files: {
      "A.sol": using('pragma solidity >=0.5.0; import "./T.sol";', "T"),
      "T.sol": `pragma solidity >=0.5.0;\n${contract("T")}`,
    },
    variables: ["t"],
  },
  "above the base folder": {
    files: {
      "contracts/A.sol": using('import "../lib/T.sol"; import "./U.sol";', "T", "U"),
      "contracts/U.sol": 'import "../lib/T.sol"; contract U { uint256 u; }',
      "lib/T.sol": contract("T"),
    },
    start: "contracts/A.sol",
    variables: ["t", "u"],
    names: ["contracts/A.sol", "lib/T.sol", "contracts/U.sol"],
  },
  "of one name above the base folder and below": {
    files: {
      "src/A.sol": using('import {T as Above} from "../T.sol"; import "./T.sol";', "Above", "T"),
      "src/T.sol": contract("T", "below"),
      "T.sol": contract("T", "above"),
    },
    start: "src/A.sol",
    variables: ["above", "below"],
    names: ["src/A.sol", "T.sol", "src/T.sol"],
  },
  "from a package": {
    files: {
      "A.sol": using('import "lib/T.sol";', "T"),
      "node_modules/lib/T.sol": 'import "./U.sol"; contract T is U { uint256 t; }',
      "node_modules/lib/U.sol": contract("U"),
    },
    variables: ["u", "t"],
    names: ["A.sol", "lib/T.sol", "lib/U.sol"],
  },
  "of a package's own package before the project's": {
    files: {
      "A.sol": using('import "lib/T.sol";', "T"),
      "node_modules/lib/T.sol": 'import "dep/D.sol"; contract T is D { uint256 t; }',
      "node_modules/lib/node_modules/dep/D.sol": contract("D", "own"),
      "node_modules/dep/D.sol": contract("D", "wrong"),
    },
    variables: ["own", "t"],
    names: ["A.sol", "lib/T.sol", "dep/D.sol"],
  },
  "of two releases of one package": {
    files: {
      "A.sol": using('import "lib/T.sol"; import {D as P} from "dep/D.sol";', "T", "P"),
      "node_modules/lib/T.sol": 'import "dep/D.sol"; contract T is D { uint256 t; }',
      "node_modules/lib/node_modules/dep/D.sol": 'import "./E.sol"; contract D is E { uint256 old; }',
      "node_modules/lib/node_modules/dep/E.sol": contract("E", "oldBase"),
      "node_modules/dep/D.sol": 'import "./E.sol"; contract D is E { uint256 recent; }',
      "node_modules/dep/E.sol": contract("E", "recentBase"),
    },
    variables: ["oldBase", "old", "t", "recentBase", "recent"],
    names: [
      "A.sol",
      "lib/T.sol",
      "node_modules/lib/node_modules/dep/D.sol",
      "node_modules/lib/node_modules/dep/E.sol",
      "node_modules/dep/D.sol",
      "node_modules/dep/E.sol",
    ],
  },
  "of two releases of one package, installed above the base folder": {
    files: {
      "app/A.sol": using('import "lib/T.sol"; import {D as P} from "dep/D.sol";', "T", "P"),
      "node_modules/lib/T.sol": 'import "dep/D.sol"; contract T is D { uint256 t; }',
      "node_modules/lib/node_modules/dep/D.sol": contract("D", "old"),
      "node_modules/dep/D.sol": contract("D", "recent"),
    },
    start: "app/A.sol",
    variables: ["old", "t", "recent"],
    names: ["A.sol", "lib/T.sol", "node_modules/lib/node_modules/dep/D.sol", "node_modules/dep/D.sol"],
  },
  "of a linked package, with what is installed beside it": {
    files: {
      "A.sol": using('import "lib/T.sol";', "T"),
      "node_modules/lib": "-> ../store/lib@1/node_modules/lib",
      "store/lib@1/node_modules/lib/T.sol": 'import "dep/D.sol"; contract T is D { uint256 t; }',
      "store/lib@1/node_modules/dep/D.sol": contract("D", "beside"),
      "node_modules/dep/D.sol": contract("D", "wrong"),
    },
    variables: ["beside", "t"],
  },
  "of one file by two links": {
    files: {
      "A.sol": using('import "./T.sol"; import "./same/T.sol"; import "./U.sol";', "U"),
      "T.sol": contract("T"),
      same: "-> .",
      "U.sol": 'import "./same/T.sol"; contract U is T { uint256 u; }',
    },
    variables: ["t", "u"],
  },
  "by remappings.txt": {
    files: {
      "src/A.sol": using('import "@lib/T.sol";', "T"),
      "remappings.txt": "@lib/=vendor/lib/\n",
      "vendor/lib/T.sol": contract("T"),
    },
    start: "src/A.sol",
    variables: ["t"],
  },
  "by foundry.toml": {
    files: {
      "src/A.sol": using('import "@lib/T.sol";', "T"),
      "foundry.toml": `[profile.default]\nsrc = "src" # remappings = ["@lib/=wrong/"]\nremappings = [\n  '@other/=other/', # a ] in a comment\n  "@lib/=vendor/lib/",\n]\n[profile.ci]\nremappings = ["@lib/=wrong/"]\n`,
      "vendor/lib/T.sol": contract("T"),
      "wrong/T.sol": contract("T", "wrong"),
    },
    start: "src/A.sol",
    variables: ["t"],
  },
  "by the context of a remapping": {
    files: {
      "src/A.sol": using('import "../lib/b/B.sol"; import {D as P} from "@dep/D.sol";', "B", "P"),
      "lib/b/B.sol": 'import "@dep/D.sol"; contract B is D { uint256 b; }',
      "foundry.toml": '[profile.default]\nremappings = ["@dep/=new/", "lib/b/:@dep/=old/"]\n',
      "old/D.sol": contract("D", "old"),
      "new/D.sol": contract("D", "recent"),
    },
    start: "src/A.sol",
    variables: ["old", "b", "recent"],
  },
  "by two remappings of one folder": {
    files: {
      "A.sol": using('import "@x/T.sol"; import "@y/T.sol"; import "./U.sol";', "U"),
      "U.sol": 'import "@y/T.sol"; contract U is T { uint256 u; }',
      "remappings.txt": "@x/=vendor/\n@y/=vendor/\n",
      "vendor/T.sol": contract("T"),
    },
    variables: ["t", "u"],
  },
};

describe("an import", () => {
  it.each(Object.entries(FORMS))("%s", (_, { files, start = "A.sol", variables: expected, names }) => {
    const file = join(project(files), start);
    for (const compiler of COMPILERS) expect(variables(file, compiler)).toEqual(expected);
    if (names !== undefined) expect(Object.keys(collectFile(file).sources)).toEqual(names);
  });

  it("is a name of its own where two files have one: what forgets the remappings does not compile", () => {
    const { files } = FORMS["of two releases of one package"]!;
    const { sources } = collectFile(join(project(files), "A.sol"));
    const input = { language: "Solidity" as const, sources, settings: {} };
    expect(() => compileInProcess(input)).toThrow(
      expect.objectContaining({ code: "code/compilation-failed", why: expect.stringContaining("not found") }),
    );
  });

  it("is refused by names where they do not tell files apart, or lead above the base", () => {
    const base = project(FORMS["of two releases of one package"]!.files);
    expect(() => collectSources(["A.sol"], { base })).toThrow(
      expect.objectContaining({ code: "code/ambiguous-import" }),
    );
    const above = project(FORMS["above the base folder"]!.files);
    expect(() => collectSources(["A.sol"], { base: join(above, "contracts") })).toThrow(
      expect.objectContaining({ code: "code/import-above-base" }),
    );
    expect(Object.keys(collectSources(["contracts/A.sol"], { base: above }))).toHaveLength(3);
  });

  it("is refused where two packages lie at one place of two folders", () => {
    const folder = project({
      "app/A.sol": 'import "lib/T.sol"; import "dep/D.sol"; contract A {}',
      "app/node_modules/lib": "-> ../../store/lib",
      "app/node_modules/dep/D.sol": contract("D"),
      "store/lib/T.sol": 'import {D as E} from "dep/D.sol";',
      "node_modules/dep/D.sol": contract("D", "other"),
    });
    expect(() => collectFile(join(folder, "app/A.sol"))).toThrow(
      expect.objectContaining({
        code: "code/ambiguous-import",
        details: { name: "node_modules/dep/D.sol" },
      }),
    );
  });

  it("follows a context that is named beside the prefix", () => {
    const base = project(FORMS["by the context of a remapping"]!.files);
    const remappings = { "@dep/": "new/", "lib/b/:@dep/": "old/" };
    const sources = collectSources(["lib/b/B.sol"], { base, remappings });
    expect(sources["@dep/D.sol"]!.content).toContain("old");
  });

  it("that is not there is named, with who has it", () => {
    const file = join(
      project({ "A.sol": 'import "./B.sol";', "B.sol": 'import {C} from "lib/C.sol";' }),
      "A.sol",
    );
    expect(() => collectFile(file)).toThrow(
      expect.objectContaining({
        code: "code/missing-import",
        details: { import: "lib/C.sol", from: "B.sol" },
      }),
    );
  });

  it("of a source that the compiler cannot read is no silence", () => {
    const file = join(project({ "A.sol": 'import "./B.sol"; contract A { uint256 }' }), "A.sol");
    expect(() => collectFile(file)).toThrow(
      expect.objectContaining({
        code: "code/compilation-failed",
        details: { solc: "0.8.30+commit.73712a01", source: "A.sol" },
        why: expect.stringMatching(/ParserError[^<]*A\.sol:1:/),
      }),
    );
  });

  it("by remappings that cannot be read is refused", () => {
    const folder = project({ "A.sol": "", "foundry.toml": "[profile.default]\nremappings = { a = 1 }\n" });
    expect(() => collectFile(join(folder, "A.sol"))).toThrow(
      expect.objectContaining({ code: "code/unreadable-remappings" }),
    );
  });
});
