import { concat, getBytes, zeroPadValue } from "ethers";
import { beforeAll, describe, expect, it } from "vitest";
import { deployCode, linkArtifact, metadataOffset, parseArtifact } from "../../src/code/index.js";
import { makeLayout } from "../../src/layout/index.js";
import type { PatchWarning } from "../../src/patch/index.js";
import { type OpcodeWarning, patchWarnings } from "../../src/patch/warnings.js";
import { compileInProcess, SOLC_VERSION, STORAGE_BUGS, type StandardInput } from "../../src/solc/index.js";

const ADDRESS = `0x${"33".repeat(20)}`;
const LIBRARY = `0x${"44".repeat(20)}`;
// All of them as a value: an immutable that stands in the code behind PUSH32.
const OPCODES_AS_VALUE = `0x${"5bf4f2ff".repeat(8)}`;

const SOURCE = `pragma solidity ^0.8.20;
library L { function twice(uint256 x) external pure returns (uint256) { return 2 * x; } }
contract Plain { uint256 public total; function add(uint256 x) external { total += x; } }
contract Constants {
  uint256 immutable value;
  constructor(uint256 given) { value = given; }
  function read() external view returns (uint256, uint256) { return (value, ${OPCODES_AS_VALUE}); }
}
contract Delegating {
  function run(address to, bytes calldata data) external { (bool ok,) = to.delegatecall(data); require(ok); }
}
contract CallingCode {
  function run(address to) external { assembly { pop(callcode(gas(), to, 0, 0, 0, 0, 0)) } }
}
contract Destructing { function end() external { selfdestruct(payable(msg.sender)); } }
contract Linked { function run(uint256 x) external pure returns (uint256) { return L.twice(x); } }
contract Making { function make() external returns (address) { return address(new Delegating()); } }
contract Built { constructor() { (bool ok,) = msg.sender.delegatecall(""); ok; } uint256 x; }`;

const INPUT: StandardInput = {
  language: "Solidity",
  sources: { "P.sol": { content: SOURCE } },
  settings: {
    evmVersion: "cancun",
    outputSelection: {
      "*": {
        "*": [
          ...["abi", "metadata", "evm.bytecode.object", "evm.bytecode.linkReferences"],
          ...["evm.deployedBytecode.object", "evm.deployedBytecode.linkReferences"],
          "evm.deployedBytecode.immutableReferences",
        ],
      },
    },
  },
};

const NO_LAYOUTS = { old: makeLayout([]), new: makeLayout([]) };

let output: unknown;
beforeAll(() => {
  output = compileInProcess(INPUT);
});

/** Warnings of a contract, with changed bytes of its deployed code where some are given. */
async function warningsOf(
  contract: string,
  {
    argument = "0x",
    change = (code: Uint8Array) => code,
    bundle = { compiler: { version: SOLC_VERSION, input: INPUT } },
  } = {},
): Promise<PatchWarning[]> {
  const compiled = parseArtifact(output, contract);
  const artifact = linkArtifact(compiled, compiled.linkReferences.length === 0 ? {} : { L: LIBRARY });
  const initCode = getBytes(concat([artifact.creationCode, argument]));
  const code = change(await deployCode({ initCode, address: ADDRESS }));
  return patchWarnings({ bundle, artifact, code: { code }, layouts: NO_LAYOUTS });
}

const opcodes = (warnings: readonly PatchWarning[]): OpcodeWarning[] =>
  warnings.filter((warning): warning is OpcodeWarning => "where" in warning);

describe("warnings of a patch", () => {
  it.each([
    ["Delegating", "delegatecall"],
    ["CallingCode", "callcode"],
    ["Destructing", "selfdestruct"],
    // What a patch creates is code as well.
    ["Making", "delegatecall"],
  ])("%s: %s", async (contract, code) => {
    const [warning, ...others] = opcodes(await warningsOf(contract));
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ code, where: "code", libraries: [] });
    expect(warning!.offsets).toHaveLength(1);
    expect(warning!.message).toMatch(new RegExp(`^${code.toUpperCase()} in the code, 1 times: `));
  });

  it("none where the opcodes are values: constants, and immutables as the constructor filled them in", async () => {
    expect(opcodes(await warningsOf("Plain"))).toEqual([]);
    const argument = zeroPadValue(OPCODES_AS_VALUE, 32);
    const seen: string[] = [];
    const change = (code: Uint8Array) => {
      seen.push(Buffer.from(code).toString("hex"));
      return code;
    };
    expect(opcodes(await warningsOf("Constants", { argument, change }))).toEqual([]);
    // Once as the constant, once as the immutable.
    expect(seen[0]!.split(OPCODES_AS_VALUE.slice(2))).toHaveLength(3);
  });

  it("a linked library is named beside its DELEGATECALL", async () => {
    const [warning] = opcodes(await warningsOf("Linked"));
    const libraries = [`P.sol:L at ${LIBRARY}`];
    expect(warning).toMatchObject({ code: "delegatecall", where: "code", libraries });
    expect(warning!.message).toContain(libraries[0]);
  });

  it("the constructor too: what it deletes or lets run as itself stands in no deployed code", async () => {
    // Its call of an account without code succeeds here.
    const [warning, ...others] = opcodes(await warningsOf("Built"));
    expect(warning).toMatchObject({ code: "delegatecall", where: "constructor" });
    expect(others).toEqual([]);
    // Runtime code stands in the creation code, and counts once.
    expect(opcodes(await warningsOf("Delegating"))).toHaveLength(1);
  });

  it("metadata is data, unless a JUMPDEST in it leads to an opcode: whoever grinds a hash could jump there", async () => {
    const inHash = (hash: string) => (code: Uint8Array) => {
      const changed = code.slice();
      // Behind a264697066735822 1220, the hash.
      changed.set(getBytes(hash), metadataOffset(code) + 10);
      return changed;
    };
    const data = inHash(`0x00${"f4".repeat(31)}`);
    expect(opcodes(await warningsOf("Plain", { change: data }))).toEqual([]);
    const ground = inHash(`0x005bf400${"00".repeat(28)}`);
    const [warning, ...others] = opcodes(await warningsOf("Plain", { change: ground }));
    expect(warning).toMatchObject({ code: "delegatecall", where: "metadata", libraries: [] });
    expect(others).toEqual([]);
  });

  it("the compiler's bugs, by release and pipeline; later releases than the list knows are told", async () => {
    const compilerOf = (version: string, settings: StandardInput["settings"]) => ({
      bundle: { compiler: { version, input: { ...INPUT, settings } } },
    });
    const named = async (version: string, settings: StandardInput["settings"]) =>
      (await warningsOf("Plain", compilerOf(version, settings))).map((warning) =>
        warning.code === "compiler-bug" ? warning.bug.name : warning.code,
      );
    expect(await named("0.8.30", {})).toContain("LostStorageArrayWriteOnSlotOverflow");
    expect(await named("0.8.30+commit.73712a01", {})).toEqual(await named("0.8.30", {}));
    expect(await named("0.8.40", {})).toEqual(["compiler-beyond-known-bugs"]);
    expect(await named("0.8.40-nightly", {})).toEqual(["compiler-beyond-known-bugs"]);
    const [warning] = await warningsOf("Plain", compilerOf("0.8.31", {}));
    expect(warning).toMatchObject({ code: "compiler-bug", bug: expect.toBeOneOf([...STORAGE_BUGS]) });
    expect(warning!.message).toMatch(/^solc 0\.8\.31\S*, \S.*: \S.*\.$/);
  });
});
