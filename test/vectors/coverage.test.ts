import { getBytes, type JsonFragment } from "ethers";
import { describe, expect, it } from "vitest";
import { contractOf } from "../../src/solc/index.js";
import {
  type Coverage,
  coverageShortfalls,
  type Hex,
  measureCoverage,
  mergeVectorSets,
  percentage,
} from "../../src/vectors/index.js";
import { mapCode } from "../../src/vectors/judge/code-map.js";
import { ALICE, PROBE, PROXY, probeCall, probeCode, probeSet, probes } from "./probe.js";

/** Code of the subject itself: jumps to offset 8 if the first byte of calldata is not 0, else stops at 6. */
const BRANCH: Hex = "0x5f355f1a600857005bfe";

function onItself(code: Hex, datas: readonly Hex[], abi?: readonly object[]) {
  const sets = datas.map((data, index) =>
    probeSet([probeCall("", [], { data })], {
      name: `v${index}`,
      pointer: null,
      accounts: [
        { address: ALICE, balance: 0n, nonce: 0n, codeHash: null, storage: [] },
        { address: PROXY, balance: 0n, nonce: 1n, codeHash: null, storage: [] },
      ],
    }),
  );
  return measureCoverage(
    mergeVectorSets(sets),
    { code: getBytes(code), address: PROXY },
    { abi: abi as JsonFragment[] | undefined },
  );
}

describe("the map of a code", () => {
  it("holds what is reached from the start and from pushed destinations, and no data", () => {
    // PUSH1 5, JUMP, then data that looks like code, then JUMPDEST, STOP, then data.
    const { instructions, branches } = mapCode(getBytes("0x60055660575b00575b"));
    expect([...instructions].sort((a, b) => a - b)).toEqual([0, 2, 5, 6]);
    expect([...branches]).toEqual([]);
  });

  it("takes no byte within a PUSH for a destination", () => {
    // PUSH1 4, JUMP, PUSH2 0x5b00, STOP: offset 4 is an operand.
    expect([...mapCode(getBytes("0x60045661 5b0000".replace(" ", ""))).instructions]).toEqual([0, 2]);
  });

  it("ends at an operand that is cut off and at an unknown opcode", () => {
    expect([...mapCode(getBytes("0x7f00")).instructions]).toEqual([0]);
    expect([...mapCode(getBytes("0x5f0c5f")).instructions]).toEqual([0]);
  });

  it("grows by what was executed", () => {
    expect(mapCode(getBytes("0x00005b00"), [2]).instructions).toEqual(new Set([0, 2, 3]));
  });
});

describe("coverage", () => {
  it("counts both ways of a branch, and every instruction that can run", async () => {
    const one = await onItself(BRANCH, ["0x00"]);
    expect(one.branches).toEqual({
      reached: 1,
      total: 2,
      missing: [{ programCounter: 6, jumps: true }],
    });
    expect(one.opcodes).toEqual({ reached: 7, total: 8 });
    const both = await onItself(BRANCH, ["0x00", "0x01"]);
    expect(both.branches).toEqual({ reached: 2, total: 2, missing: [] });
    expect(both.opcodes).toEqual({ reached: 8, total: 8 });
  });

  it("counts functions by the vectors that enter them through the subject", async () => {
    const { abi } = contractOf(probes(), "Probe");
    const set = mergeVectorSets([
      probeSet([probeCall("store", [1n, 2n]), probeCall("load", [1n])], { name: "a" }),
      probeSet([probeCall("load", [1n])], { name: "b" }),
      probeSet([probeCall("", [], { data: "0x" })], { name: "the proxy keeps it to itself" }),
    ]);
    const { functions } = await measureCoverage(set, probeCode(), { abi: abi as never[] });
    const counted = functions!.list.filter(({ vectors }) => vectors > 0);
    expect(counted).toEqual([
      { signature: "load(uint256)", vectors: 2 },
      { signature: "store(uint256,uint256)", vectors: 1 },
    ]);
    expect(functions).toMatchObject({ reached: 2, total: functions!.list.length });
  });

  it("counts receive and fallback by what enters the code without a function's selector", async () => {
    const abi = [
      { type: "receive", stateMutability: "payable" },
      { type: "fallback" },
      { type: "function", name: "f", inputs: [] },
    ];
    const { functions } = await onItself("0x00", ["0x", "0x01", "0x26121ff0", "0x26121ff1"], abi);
    expect(functions!.list).toEqual([
      { signature: "f()", vectors: 1 },
      { signature: "receive()", vectors: 1 },
      { signature: "fallback()", vectors: 2 },
    ]);
  });

  it("counts nothing of other accounts, of the migration, or of init code", async () => {
    const set = probeSet([
      probeCall("", [], { to: null, data: "0x602a60005260206000f3" }),
      probeCall("", [], { to: `0x${"01".padStart(40, "0")}`, data: "0x" }),
    ]);
    const migration = { caller: ALICE, data: getBytes("0x") };
    const coverage = await measureCoverage(set, { ...probeCode(), migration });
    expect(coverage.opcodes.reached).toBe(0);
    expect(coverage.functions).toBeUndefined();
  });

  it("does not change what a vector does", async () => {
    const set = probeSet([probeCall("store", [1n, 2n]), probeCall("precompile", [2n, "0x00"])]);
    const before = await measureCoverage(set, {
      ...probeCode(),
      address: PROBE.toUpperCase().replace("X", "x") as Hex,
    });
    expect(before).toEqual(await measureCoverage(set, probeCode()));
  });
});

describe("a minimum of coverage", () => {
  const coverage: Coverage = {
    functions: undefined,
    branches: { reached: 4, total: 5, missing: [] },
    opcodes: { reached: 0, total: 0 },
  };

  it("names the kinds that fall short of it", () => {
    expect(coverageShortfalls(coverage, {})).toEqual([]);
    expect(coverageShortfalls(coverage, { branches: 80, opcodes: 100 })).toEqual([]);
    expect(coverageShortfalls(coverage, { branches: 80.1 })).toEqual(["branches"]);
  });

  it("of functions cannot be judged without an ABI", () => {
    expect(() => coverageShortfalls(coverage, { functions: 0 })).toThrowError(
      expect.objectContaining({ code: "vectors/coverage-without-abi" }),
    );
  });

  it("is reached where there is nothing to reach", () => {
    expect(percentage({ reached: 0, total: 0 })).toBe(100);
    expect(percentage({ reached: 1, total: 8 })).toBe(12.5);
  });
});
