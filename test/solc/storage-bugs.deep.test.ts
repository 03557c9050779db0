import { readdirSync } from "node:fs";
import { createEVM } from "@ethereumjs/evm";
import { hexToBytes } from "@ethereumjs/util";
import { id } from "ethers";
import { describe, expect, it } from "vitest";
import {
  type Compiler,
  compileInProcess,
  resolveCompiler,
  STORAGE_BUGS,
  type StandardInput,
  storageBugs,
} from "../../src/solc/index.js";

/** What shows a bug: a contract `C` whose run() returns another number where the compiler has it. */
interface Program {
  readonly bug: string;
  /** First release that knows all that is used. */
  readonly since: string;
  /** What run() returns without the bug; undefined where it reverts. */
  readonly right?: bigint;
  readonly settings?: StandardInput["settings"];
  readonly body: string;
}

const contract = (run: string, before = ""): string =>
  `contract C { ${before} function run() external returns (uint256 left) { ${run} } }`;
const CLEARING = contract("p = 1; delete t; delete p; left = p;", "uint256 transient t; uint256 p;");
const DIRTY = contract(
  "emit E(new uint256[](2), 0); bytes memory m = new bytes(63); s = m; s.push(); left = uint8(s[63]);",
  "event E(uint256[], uint256); bytes s;",
);
const HASHES = contract(
  "assembly { mstore(0, 42) let a := keccak256(0, 32) let b := keccak256(0, 23) left := eq(a, b) }",
);
const PROGRAMS: readonly Program[] = [
  {
    bug: "storage corruption when overwriting a recursive struct with a struct nested inside it",
    since: "0.6.0",
    right: 517n,
    body: contract(
      `s.kids.push(); s.kids.push(); s.kids[1].v = 5; s.kids[1].kids.push(); s.kids[1].kids[0].v = 7;
      s = s.kids[1];
      left = s.v * 100 + s.kids.length * 10 + (s.kids.length > 0 ? s.kids[0].v : 0);`,
      "struct S { S[] kids; uint256 v; } S s;",
    ),
  },
  {
    bug: "InheritanceOrderReversalOnStorageEndWarning",
    since: "0.8.29",
    right: 2n,
    body: `contract A { uint256 x; constructor() { x = 1; } } contract B is A { constructor() { x = 2; } }
    contract C is B layout at 2**256 - 5 { function run() external view returns (uint256) { return x; } }`,
  },
  {
    bug: "TransientStorageClearingHelperCollision",
    since: "0.8.28",
    right: 0n,
    settings: { viaIR: true },
    body: CLEARING,
  },
  { bug: "TransientStorageClearingHelperCollision", since: "0.8.28", right: 0n, body: CLEARING },
  {
    bug: "LostStorageArrayWriteOnSlotOverflow",
    since: "0.7.0",
    right: 0n,
    body: contract(
      `S storage s; assembly { s.slot := sub(0, 20) } for (uint256 i; i < 40; i++) s.a[i] = 1;
      delete s.a; for (uint256 i; i < 40; i++) left += s.a[i];`,
      "struct S { uint256[40] a; }",
    ),
  },
  { bug: "DirtyBytesArrayToStorage", since: "0.6.0", right: 0n, body: DIRTY },
  { bug: "DirtyBytesArrayToStorage", since: "0.8.0", right: 0n, settings: { viaIR: true }, body: DIRTY },
  {
    bug: "KeccakCaching",
    since: "0.6.0",
    right: 0n,
    settings: { optimizer: { enabled: true } },
    body: HASHES,
  },
  { bug: "KeccakCaching", since: "0.6.0", right: 0n, body: HASHES },
  {
    bug: "EmptyByteArrayCopy",
    since: "0.6.0",
    right: 0n,
    body: contract(
      "bytes memory t; uint256[2] memory x; x[0] = ~uint256(0); s = t; s.push(); left = uint8(s[0]);",
      "bytes s;",
    ),
  },
  {
    bug: "DynamicArrayCleanup",
    since: "0.6.0",
    right: 0n,
    body: contract(
      "for (uint256 i = 0; i < 4; i++) a.push(7); a = new uint128[](2); a.push(); a.push(); left = a[2] + a[3];",
      "uint128[] a;",
    ),
  },
];

/** Bugs that no program here shows, and why. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  "Yul Optimizer Knowledge Base Stale Bookkeeping":
    "no small program is known: it changed no verified contract",
  StorageWriteRemovalBeforeConditionalTermination: "no release that has it is installed",
  UserDefinedValueTypesBug: "no release that has it is installed",
};

const isBefore = (one: string, other: string): boolean =>
  one.localeCompare(other, "en", { numeric: true }) < 0;

/** solc packages that are installed, by their release. */
const COMPILERS = readdirSync("node_modules")
  .filter((name) => /^solc(-\d+\.\d+\.\d+)?$/.test(name))
  .map(resolveCompiler)
  .filter(({ version }) => PROGRAMS.some(({ since }) => !isBefore(version, since)));

function inputOf({ body, settings }: Program): StandardInput {
  const outputSelection = { "*": { C: ["evm.bytecode.object"] } };
  return {
    language: "Solidity",
    sources: { "C.sol": { content: body } },
    settings: { ...settings, outputSelection },
  };
}

/** What run() returns, undefined where it reverts. */
async function resultOf(input: StandardInput, compiler: Compiler): Promise<bigint | undefined> {
  const { contracts } = compileInProcess(input, compiler);
  const { evm: bytecode } = contracts["C.sol"]!.C as { evm: { bytecode: { object: string } } };
  const evm = await createEVM();
  const gasLimit = 10_000_000n;
  const created = await evm.runCall({ data: hexToBytes(`0x${bytecode.bytecode.object}`), gasLimit });
  const data = hexToBytes(id("run()").slice(0, 10) as `0x${string}`);
  const { execResult } = await evm.runCall({ to: created.createdAddress!, data, gasLimit });
  if (execResult.exceptionError !== undefined) return undefined;
  return BigInt(`0x${Buffer.from(execResult.returnValue).toString("hex")}`);
}

describe("a storage bug of solc shows exactly where the list says so", () => {
  const shown = new Map<string, boolean>();

  describe.each(COMPILERS)("solc $version", (compiler) => {
    const { version } = compiler;
    const known = PROGRAMS.filter(({ since }) => !isBefore(version, since));

    it.each(known.map((program) => [program.bug, program.settings ?? {}, program] as const))(
      "%s, with %o",
      async (bug, _, program) => {
        const input = inputOf(program);
        const listed = storageBugs(version, input).some(({ name }) => name === bug);
        const wrong = (await resultOf(input, compiler)) !== program.right;
        expect({ version, wrong }).toEqual({ version, wrong: listed });
        shown.set(bug, wrong || shown.get(bug) === true);
      },
    );
  });

  it("by one compiler at least, or it is said why not", () => {
    expect([...shown].filter(([, wrong]) => !wrong)).toEqual([]);
    const names = STORAGE_BUGS.map(({ name }) => name);
    expect([...shown.keys(), ...Object.keys(NOT_SHOWN)].toSorted()).toEqual(names.toSorted());
  });

  it("no installed release has what could then be shown", () => {
    const withBug = (bug: string) => {
      const { introduced = "0.5.0", fixed } = STORAGE_BUGS.find(({ name }) => name === bug)!;
      return COMPILERS.filter(({ version }) => !isBefore(version, introduced) && isBefore(version, fixed));
    };
    for (const [bug, why] of Object.entries(NOT_SHOWN))
      if (why.startsWith("no release")) expect(withBug(bug)).toEqual([]);
  });
});
