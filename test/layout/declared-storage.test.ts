import { describe, expect, it } from "vitest";
import { parseArtifact } from "../../src/code/index.js";
import { canonicalLayout } from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { compileLayout, layoutSource } from "./compile.js";

const refused = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

const STORED = `contract Base { uint256 private total; } contract C is Base {
  uint256 constant FEE = 1; uint256 immutable start = 2; uint256 transient lock; address owner; }`;
const STATELESS =
  "contract C { uint256 constant FEE = 1; uint256 immutable start = 2; uint256 transient lock; }";

/** The build-info of a compilation that was asked for layouts, without that of C. */
function withoutLayout(source: string) {
  const { contracts, ...output } = structuredClone(compileSolidity({ sources: { "C.sol": source } }));
  const { storageLayout: _, ...contract } = contracts["C.sol"]!.C!;
  return {
    input: { settings: { outputSelection: { "*": { "*": ["storageLayout"] } } } },
    output: { ...output, contracts: { "C.sol": { C: contract } } },
  };
}

describe("a layout that a file lacks", () => {
  it("is no empty layout where the contract declares variables", () => {
    expect(() => canonicalLayout(parseArtifact(withoutLayout(STORED)))).toThrow(
      refused("layout/missing-storage-layout", "holds no storage layout"),
    );
  });

  it("is empty where the syntax trees declare none", () => {
    expect(canonicalLayout(parseArtifact(withoutLayout(STATELESS))).entries).toEqual([]);
  });

  it("is refused where a variable is cut out of it", () => {
    const source = layoutSource(compileSolidity({ code: false, sources: { "C.sol": STORED } }), "C");
    expect(canonicalLayout(source).entries.map(({ label }) => label)).toEqual(["total", "owner"]);
    const [, ...storage] = source.storageLayout.storage;
    expect(() => canonicalLayout({ ...source, storageLayout: { ...source.storageLayout, storage } })).toThrow(
      refused("layout/invalid-storage-layout", "lacks the variable total"),
    );
  });

  it.each(["0.5.13", "0.6.12", "0.7.6"] as const)("is held against the trees of solc %s", (compiler) => {
    const immutable = compiler === "0.5.13" ? "" : "uint256 immutable start = 2;";
    const source = `contract C { uint256 constant FEE = 1; ${immutable} address owner; }`;
    const output = compileSolidity({ code: false, sources: { "C.sol": source }, compiler });
    const whole = layoutSource(output, "C");
    expect(canonicalLayout(whole).entries.map(({ label }) => label)).toEqual(["owner"]);
    expect(() => canonicalLayout({ ...whole, storageLayout: { storage: [], types: null } })).toThrow(
      refused("layout/invalid-storage-layout", "lacks the variable owner"),
    );
  });
});

describe("what is no implementation", () => {
  const PROXIES = ["transparent/TransparentUpgradeableProxy", "ERC1967/ERC1967Proxy", "beacon/BeaconProxy"];

  it.each(PROXIES)("is refused: %s of OpenZeppelin, which is the proxy itself", (path) => {
    const name = path.split("/")[1]!;
    const source = `@openzeppelin/contracts/proxy/${path}.sol`;
    const output = compileSolidity({ code: false, sources: { "C.sol": `import "${source}";` } });
    expect(() => canonicalLayout(layoutSource(output, name, source))).toThrow(
      refused(
        "layout/no-implementation",
        `${name} has no variables, and its fallback function delegates calls`,
      ),
    );
  });

  it("is refused: a proxy that delegates in Solidity, or in assembly that solc 0.5 writes as text", () => {
    const solidity = "contract C { fallback() external { address(1).delegatecall(msg.data); } }";
    expect(() => compileLayout(solidity)).toThrow(refused("layout/no-implementation", "is this the proxy?"));
    const text = "contract C { function () external { assembly { pop(delegatecall(gas, 1, 0, 0, 0, 0)) } } }";
    const output = compileSolidity({ code: false, sources: { "C.sol": text }, compiler: "0.5.13" });
    expect(() => canonicalLayout(layoutSource(output, "C"))).toThrow(
      refused("layout/no-implementation", "is this the proxy?"),
    );
  });

  it.each(["interface", "library"])("is refused: an %s", (kind) => {
    expect(() => compileLayout(`${kind} C {}`)).toThrow(
      refused("layout/no-implementation", `${kind}, which has no storage of its own`),
    );
  });

  it("is not: a contract without variables, a batch of calls to itself, a fallback that extends variables", () => {
    const multicall =
      "function multicall(bytes calldata data) external { address(this).delegatecall(data); }";
    const fallback = "fallback() external { address(1).delegatecall(msg.data); }";
    expect(compileLayout("contract C {}").entries).toEqual([]);
    expect(compileLayout(`contract C { ${multicall} }`).entries).toEqual([]);
    expect(compileLayout(`contract C { uint256 total; ${fallback} }`).entries).toHaveLength(1);
  });
});
