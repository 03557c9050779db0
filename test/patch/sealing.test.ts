import { AbiCoder, getBytes } from "ethers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type BundleParts,
  compileContract,
  newBundle,
  rebuildPatch,
  type SealingInputs,
} from "../../src/patch/index.js";
import type { StandardInput } from "../../src/solc/index.js";

/** With its commit, so that both ways to a patch compile it once. */
const VERSION = "0.8.30+commit.73712a01";
const LANE = "0x1111111111111111111111111111111111111111";
const inputOf = (content: string, settings: object = {}): StandardInput => ({
  language: "Solidity",
  sources: { "C.sol": { content } },
  settings: { evmVersion: "cancun", ...settings },
});
const compiled = (content: string, settings?: object): Partial<BundleParts> => ({
  compiler: { version: VERSION, input: inputOf(content, settings) },
});
const LIBRARY = "library L { function f() external {} } contract C { function g() external { L.f(); } }";
const HUGE = `contract C { bytes constant B = hex"${"ab".repeat(24_576)}"; function b() external pure returns (bytes memory) { return B; } }`;

let parts: BundleParts;
let live: SealingInputs;

/** The live code of a source without immutables and libraries. */
const liveCode = async (content: string): Promise<SealingInputs> => {
  const { runtimeTemplate } = await compileContract(inputOf(content), "C.sol:C");
  return { currentCode: { address: `0x${"1a".repeat(20)}`, code: runtimeTemplate } };
};

beforeAll(async () => {
  const current = {
    contract: "C.sol:C",
    compiler: { version: VERSION, input: inputOf("contract C { uint256 x; }") },
  };
  live = await liveCode("contract C { uint256 x; }");
  parts = {
    ...current,
    current,
    libraries: {},
    constructorArguments: new Uint8Array(0),
    deployer: LANE,
    deploySalt: `0x${"07".repeat(32)}`,
    migration: new Uint8Array(0),
    migrationGas: 0n,
    migrationCaller: LANE,
    incidents: { schema: "sealpatch.vectors/1", codes: {}, vectors: [] },
  };
});

describe("a patch that could not be rebuilt", () => {
  it.each<[string, () => Partial<BundleParts>, string]>([
    ["whose sources do not compile", () => compiled("contract C { uint256 }"), "code/compilation-failed"],
    ["whose contract is not there", () => ({ contract: "C.sol:D" }), "code/contract-not-found"],
    ["whose contract is no code", () => compiled("interface C {}"), "code/empty"],
    ["without its libraries", () => compiled(LIBRARY), "code/unlinked-library"],
    [
      "with a library that it does not use",
      () => ({ libraries: { "C.sol:L": LANE } }),
      "code/unknown-library",
    ],
    [
      "whose constructor lacks its arguments",
      () => compiled("contract C { uint256 x; uint256 immutable z; constructor(uint256 y) { z = y; } }"),
      "code/constructor-reverted",
    ],
    [
      "whose code depends on the block",
      () =>
        compiled(
          "contract C { uint256 x; uint256 immutable t = block.timestamp; function f() external view returns (uint256) { return t; } }",
        ),
      "code/depends-on-environment",
    ],
    ["that is too large", () => compiled(HUGE), "code/too-large"],
    [
      "whose layout has a variable that no upgrade keeps",
      () => compiled("contract C { function() internal f; }"),
      "layout/internal-function",
    ],
    [
      "for a compiler that is not installed",
      () => ({ compiler: { ...parts.compiler, version: "0.8.2" } }),
      "code/no-compiler",
    ],
    [
      "for another commit of a compiler",
      () => ({ compiler: { ...parts.compiler, version: "0.8.30+commit.00000000" } }),
      "code/other-compiler",
    ],
    [
      "for a release that its sources are not for",
      () => ({
        compiler: {
          version: "0.7.6",
          input: inputOf("pragma solidity ^0.8.0; contract C {}", { evmVersion: "istanbul" }),
        },
      }),
      "code/compilation-failed",
    ],
    [
      "with more gas for its migration than a transaction holds",
      () => ({ migration: Uint8Array.of(1), migrationGas: 16_700_000n }),
      "patch/migration-gas-too-high",
    ],
    ["with gas and no migration", () => ({ migrationGas: 1n }), "patch/migration-gas"],
  ])("%s is not sealed, nor rebuilt", async (_, change, code) => {
    const wrong = { ...parts, ...change() };
    await expect(newBundle(wrong, live)).rejects.toMatchObject({ code });
    await expect(rebuildPatch({ ...wrong, schema: "sealpatch.patch/3", salt: 1n })).rejects.toMatchObject({
      code,
    });
  });

  it("names a release of solc, and nothing else", async () => {
    for (const version of ["latest", "^0.8.0", "../solc", ""]) {
      const compiler = { ...parts.compiler, version };
      await expect(newBundle({ ...parts, compiler }, live)).rejects.toMatchObject({
        code: "patch/malformed-bundle",
      });
    }
  });

  it.each([
    ["0.5.13", "0.5.13+commit.5b0b510c"],
    ["0.8.37", "0.8.37+commit.f401782d"],
  ])("is sealed by solc %s where nothing is wrong with it", async (version, long) => {
    const input = inputOf("contract C { uint256 x; }", { evmVersion: "istanbul" });
    const bundle = await newBundle({ ...parts, compiler: { version, input } }, live);
    expect(bundle.compiler.version).toBe(long);
    expect((await rebuildPatch(bundle)).layouts.findings).toEqual([]);
  });

  it("is sealed where nothing is wrong with it, and rebuilds from its bundle", async () => {
    const constructorArguments = getBytes(AbiCoder.defaultAbiCoder().encode(["uint256"], [7n]));
    const taking = compiled(
      "contract C { uint256 x; uint256 immutable z; constructor(uint256 y) { z = y; } }",
    );
    const bundle = await newBundle({ ...parts, ...taking, constructorArguments }, live);
    const { code } = await rebuildPatch(bundle);
    expect(code.code.length).toBeGreaterThan(0);
  });
});
