import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseArtifact, readArtifact } from "../../src/code/index.js";
import { canonicalLayout, layoutRoot } from "../../src/layout/index.js";
import { buildWithForge } from "../code/forge.js";
import { compileLayout } from "./compile.js";

const TYPES = "enum Color { Red, Green }";
const VAULT = `
  contract Vault {
    /// @custom:storage-location erc7201:example.Vault
    struct VaultStorage { address owner; Color color; mapping(address => uint256) shares; }
    uint256 total;
    function check() external view { require(msg.sender != address(this)); }
  }`;
/** Needs nothing from other files, but refers to names of the language itself. */
const ALONE =
  "contract Alone { uint256 x; function check() external { require(msg.sender != address(0)); x = 1; } }";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "sealpatch-layout-"));
  const sources = {
    "src/Types.sol": TYPES,
    "src/Vault.sol": `import "./Types.sol"; ${VAULT}`,
    "src/Alone.sol": ALONE,
  };
  buildWithForge(directory, sources, ["--build-info"]);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe("layouts of Foundry's artifacts", () => {
  it("are those of solc's own output, namespaces included", async () => {
    const layout = canonicalLayout(await readArtifact(join(directory, "out/Vault.sol/Vault.json")));
    expect(layout.entries).toHaveLength(6);
    expect(layoutRoot(layout)).toBe(layoutRoot(compileLayout(TYPES + VAULT, "Vault")));
  });

  it("come from one artifact where the contract needs no other file, and are refused where it does", () => {
    const alone = (name: string) =>
      canonicalLayout(
        parseArtifact(JSON.parse(readFileSync(join(directory, `out/${name}.sol/${name}.json`), "utf8"))),
      );
    expect(layoutRoot(alone("Alone"))).toBe(layoutRoot(compileLayout(ALONE, "Alone")));
    expect(() => alone("Vault")).toThrow(expect.objectContaining({ code: "layout/missing-syntax-tree" }));
  });
});
