import { describe, expect, it } from "vitest";
import { canonicalLayout, compareLayouts, layoutRoot, layoutWitness } from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { layoutSource } from "./compile.js";

const PREFIX = "@openzeppelin/contracts-upgradeable/";

/** The layout of a contract in one release of OpenZeppelin's upgradeable contracts. */
function published(version: string, path: string, more = "") {
  const name = path.split("/").at(-1)!;
  const output = compileSolidity({
    code: false,
    sources: { "C.sol": `import "${PREFIX}${path}.sol"; contract C is ${name} { ${more} }` },
    remappings: { [PREFIX]: `@openzeppelin/contracts-upgradeable-${version}/` },
  });
  return canonicalLayout(layoutSource(output, "C"));
}

describe("layouts of published contracts", () => {
  const path = "governance/TimelockControllerUpgradeable";

  it("the 4.3.1 fix of TimelockControllerUpgradeable preserves the layout of 4.3.0", () => {
    const [before, after] = [published("4.3.0", path), published("4.3.1", path)];
    const comparison = compareLayouts(before, after);
    expect(comparison).toMatchObject({ preserved: true, changes: [], findings: [] });
    expect(layoutRoot(after)).toBe(layoutRoot(before));
    const variables = before.entries.filter(({ inside }) => inside === undefined);
    expect(variables.map(({ slot, offset, label, gap }) => [slot, offset, label, gap])).toEqual([
      [0n, 0, "_initialized", false],
      [0n, 1, "_initializing", false],
      [1n, 0, "__gap", true],
      [51n, 0, "__gap", true],
      [101n, 0, "_roles", false],
      [102n, 0, "__gap", true],
      [151n, 0, "_timestamps", false],
      [152n, 0, "_minDelay", false],
      [153n, 0, "__gap", true],
    ]);
    expect(layoutWitness(comparison)).toMatchObject({ findings: [], oldRoot: layoutRoot(before) });
  });

  it("adding a variable after it is preserved, putting one before it is not", () => {
    const before = published("4.3.0", path);
    expect(compareLayouts(before, published("4.3.1", path, "uint256 added;")).preserved).toBe(true);
    const output = compileSolidity({
      code: false,
      sources: {
        "C.sol": `import "${PREFIX}${path}.sol"; contract First { uint256 first; } contract C is First, TimelockControllerUpgradeable {}`,
      },
      remappings: { [PREFIX]: "@openzeppelin/contracts-upgradeable-4.3.1/" },
    });
    const shifted = canonicalLayout(layoutSource(output, "C"));
    const codes = compareLayouts(before, shifted).findings.map(({ code, label }) => `${code} ${label}`);
    for (const label of ["_initialized", "_initializing", "_roles", "_timestamps", "_minDelay"]) {
      expect(codes).toContain(`layout/moved ${label}`);
    }
    expect(codes).toContain("layout/inserted-in-used-space first");
  });
});
