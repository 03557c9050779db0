import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectFile, collectSources } from "../../src/solc/index.js";

const FILES: Record<string, string> = {
  "src/Vault.sol": 'import "./Types.sol"; \nimport { Base } from "lib/Base.sol";',
  "src/Types.sol": "// types",
  "node_modules/lib/Base.sol": 'import "./more/Deep.sol";',
  "node_modules/lib/more/Deep.sol": "// lib",
  "node_modules/lib-2.0.0/Base.sol": 'import "./more/Deep.sol";',
  "node_modules/lib-2.0.0/more/Deep.sol": "// lib 2.0.0",
  "node_modules/lib-2.0.0/New.sol": "// lib 2.0.0",
  "vendor/more/Deep.sol": "// vendor",
  "remapped/remappings.txt": "lib/=../vendor/\n",
  "remapped/Deep.sol": 'import "lib/more/Deep.sol";',
  "remapped/Base.sol": 'import "lib/Base.sol";',
};

let base: string;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "sealpatch-sources-"));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), text);
  }
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const texts = (sources: Record<string, { content: string }>) =>
  Object.fromEntries(Object.entries(sources).map(([name, { content }]) => [name, content]));
const missing = (name: string) =>
  expect.objectContaining({
    code: "code/missing-import",
    details: expect.objectContaining({ import: name }),
  });

describe("collectSources", () => {
  it("finds what is imported by relative paths and from packages, by the names that the compiler will ask for", () => {
    expect(Object.keys(collectSources(["src/Vault.sol"], { base }))).toEqual([
      "src/Vault.sol",
      "src/Types.sol",
      "lib/Base.sol",
      "lib/more/Deep.sol",
    ]);
  });

  it("takes a package in place of another, under the name of the first, with what it imports itself", () => {
    const sources = collectSources(["src/Vault.sol"], { base, remappings: { "lib/": "lib-2.0.0/" } });
    expect(Object.keys(sources)).toContain("lib/Base.sol");
    expect(texts(sources)["lib/more/Deep.sol"]).toBe("// lib 2.0.0");
  });

  it("follows the longest prefix", () => {
    const given = { "A.sol": 'import "lib/New.sol"; \nimport "lib/more/Deep.sol";' };
    const remappings = { "lib/": "lib-2.0.0/", "lib/more/": "vendor/more/" };
    expect(texts(collectSources(["A.sol"], { base, given, remappings }))).toMatchObject({
      "lib/New.sol": "// lib 2.0.0",
      "lib/more/Deep.sol": "// vendor",
    });
  });

  it("never falls back to the package that a remapping replaces", () => {
    const remappings = { "lib/": "lib-3.0.0/" };
    expect(() => collectSources(["src/Vault.sol"], { base, remappings })).toThrow(missing("lib/Base.sol"));
  });

  it("takes given texts before files, whoever imports them", () => {
    const given = { "src/Types.sol": "// given", "lib/Base.sol": "// given" };
    expect(texts(collectSources(["src/Vault.sol"], { base, given }))).toEqual({
      "src/Vault.sol": FILES["src/Vault.sol"],
      ...given,
    });
  });

  it("says which import is missing, and which file", () => {
    expect(() => collectSources(["A.sol"], { base, given: { "A.sol": 'import "./B.sol";' } })).toThrow(
      missing("B.sol"),
    );
    expect(() => collectSources(["A.sol"], { base })).toThrow(
      expect.objectContaining({ code: "code/unreadable-file" }),
    );
  });
});

describe("collectFile", () => {
  it("follows the nearest remappings.txt, and nothing else for its prefixes", () => {
    const { sourceName, sources } = collectFile(join(base, "remapped/Deep.sol"));
    expect(sourceName).toBe("Deep.sol");
    expect(texts(sources)["lib/more/Deep.sol"]).toBe("// vendor");
    expect(() => collectFile(join(base, "remapped/Base.sol"))).toThrow(missing("lib/Base.sol"));
  });
});
