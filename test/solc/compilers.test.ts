import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  collectSources,
  compileInProcess,
  compileStandardJson,
  findCompiler,
  resolveCompiler,
  type StandardInput,
} from "../../src/solc/index.js";

const OLD = createRequire(import.meta.url).resolve("solc-0.7.6");
const inputOf = (content: string, settings = {}): StandardInput => ({
  language: "Solidity",
  sources: { "A.sol": { content } },
  settings: { ...settings, outputSelection: { "*": { "*": ["metadata"] } } },
});
const A = inputOf("contract A { uint256 x; }");

let folder: string;
/** A package of solc, by what its package.json says, with this main module. */
function solcPackage(name: string, version: string, main: string): string {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), JSON.stringify({ name: "solc", version }));
  writeFileSync(join(place, "index.js"), main);
  return place;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sealpatch-solc-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a compiler", () => {
  it("is found by its release, under its own name or the name of its release", async () => {
    for (const [version, long] of [
      ["0.7.6", "0.7.6+commit.7338295f"],
      ["0.7.6+commit.7338295f", "0.7.6+commit.7338295f"],
      ["0.8.30", "0.8.30+commit.73712a01"],
    ] as const) {
      const output = await compileStandardJson(A, undefined, findCompiler(version));
      expect(output.compiler).toBe(long);
      const { metadata } = output.contracts["A.sol"]!.A as { metadata: string };
      expect(JSON.parse(metadata).compiler.version).toBe(long);
    }
  });

  it("is found where a package or a path is named", () => {
    const place = solcPackage("elsewhere", "0.8.1", "");
    expect(findCompiler("0.8.1", { compilers: [place] }).module).toBe(join(place, "index.js"));
    expect(resolveCompiler(place)).toEqual({ module: join(place, "index.js"), version: "0.8.1" });
  });

  it("is refused where it is not installed, with the command that installs it", () => {
    expect(() => findCompiler("0.8.2+commit.661d1103")).toThrow(
      expect.objectContaining({
        code: "code/no-compiler",
        remedy: expect.stringContaining("npm install solc-0.8.2@npm:solc@0.8.2"),
      }),
    );
    const none = expect.objectContaining({ code: "code/no-compiler" });
    expect(() => resolveCompiler("solc-0.0.1")).toThrow(none);
    expect(() => resolveCompiler("semver")).toThrow(none);
  });

  it("is refused where it writes no storage layout", () => {
    for (const version of ["0.5.12", "0.4.26"]) {
      expect(() => findCompiler(version)).toThrow(expect.objectContaining({ code: "code/compiler-too-old" }));
    }
  });

  it("is asked what it is when it runs, whatever its package says", async () => {
    const liar = solcPackage("liar", "0.8.3", `module.exports = require(${JSON.stringify(OLD)});`);
    const other = expect.objectContaining({
      code: "code/other-compiler",
      details: { wanted: "0.8.3", found: "0.7.6+commit.7338295f" },
    });
    const compiler = findCompiler("0.8.3", { compilers: [liar] });
    await expect(compileStandardJson(A, undefined, compiler)).rejects.toEqual(other);
    expect(() => compileInProcess(A, compiler)).toThrow(other);
    const given = { "A.sol": 'import "./B.sol";', "B.sol": "" };
    expect(() => collectSources(["A.sol"], { base: folder, given, compiler })).toThrow(other);
  });

  it("is refused with another commit", () => {
    const compiler = findCompiler("0.7.6+commit.00000000");
    expect(() => compileInProcess(A, compiler)).toThrow(
      expect.objectContaining({ code: "code/other-compiler" }),
    );
  });

  it("is named by the errors of the run, not another one", async () => {
    const compiler = findCompiler("0.7.6");
    for (const [input, why] of [
      [inputOf("contract A { uint256 }"), "ParserError"],
      [inputOf("contract A {}", { viaSSACFG: true }), "viaSSACFG"],
      [inputOf("contract A {}", { evmVersion: "cancun" }), "EVM version"],
    ] as const) {
      await expect(compileStandardJson(input, undefined, compiler)).rejects.toMatchObject({
        code: "code/compilation-failed",
        details: { solc: "0.7.6+commit.7338295f" },
        why: expect.stringContaining(why),
      });
    }
  });

  it("that dies is no compiler that objects", async () => {
    const compiler = resolveCompiler(solcPackage("mortal", "0.8.4", "process.exit(1);"));
    await expect(compileStandardJson(A, undefined, compiler)).rejects.toMatchObject({
      code: "code/compiler-stopped",
    });
  });
});
