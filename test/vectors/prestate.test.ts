import { keccak256 } from "ethers";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../src/vectors/index.js";
import {
  changesOf,
  prestateDiffSchema,
  prestateSchema,
  withChanges,
  withPrestate,
} from "../../src/vectors/record/prestate.js";
import { type AccountState, EMPTY_ACCOUNT, type StateSource } from "../../src/vectors/run/account.js";

const word = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;
const A: Hex = `0x${"aa".repeat(20)}`;
const B: Hex = `0x${"bb".repeat(20)}`;
const C: Hex = `0x${"cc".repeat(20)}`;

/** A state in which every account has balance 1000 and every slot is 99. */
const BEHIND: StateSource = {
  account: async () => ({ ...EMPTY_ACCOUNT, balance: 1000n, nonce: 7n }),
  slot: async () => 99n,
};
const figures = ({ balance, nonce, code }: AccountState) => [balance, nonce, code.hash];
const NO_CODE = keccak256("0x");

describe("a prestate trace", () => {
  it.each([
    // Geth, as in its documentation: nonce a number and left out at 0, code and storage left out where there are none.
    ["Geth", { [A]: { balance: "0x7a48734599f7284", nonce: 1133 }, [B]: { balance: "0x0", code: "0x6001" } }],
    // Newer ones add fields, and Reth writes 0 as it is.
    [
      "Geth since 1.16",
      {
        [A]: { balance: "0x7a48734599f7284", nonce: 1133, codeHash: word(1n) },
        [B]: { balance: "0x0", code: "0x6001", nonce: 0 },
      },
    ],
    [
      "Reth",
      {
        [A.toUpperCase().replace("0X", "0x")]: { balance: "0x7a48734599f7284", nonce: 1133, code: "0x" },
        [B]: { balance: "0x0", code: "0x6001", nonce: 0, storage: {} },
      },
    ],
    // Nonces as quantities.
    [
      "others",
      { [A]: { balance: "0x7a48734599f7284", nonce: "0x46d" }, [B]: { balance: "0x0", code: "0x6001" } },
    ],
  ])("of %s says balance, nonce and code", async (_client, trace) => {
    const state = withPrestate(prestateSchema().parse(trace), BEHIND);
    expect(figures(await state.account(A))).toEqual([0x7a48734599f7284n, 1133n, NO_CODE]);
    expect(figures(await state.account(B))).toEqual([0n, 0n, keccak256("0x6001")]);
    expect(figures(await state.account(C))).toEqual([1000n, 7n, NO_CODE]);
  });

  it("says the slots that were touched, with or without leading zeros, and leaves others to what is behind it", async () => {
    const trace = {
      [A]: { balance: "0x1", storage: { [word(1n)]: word(5n), [word(2n)]: word(0n), "0x3": "0x8" } },
    };
    const state = withPrestate(prestateSchema().parse(trace), BEHIND);
    expect(await Promise.all([1n, 2n, 3n, 4n].map((slot) => state.slot(A, slot)))).toEqual([5n, 0n, 8n, 99n]);
    expect(await state.slot(B, 1n)).toBe(99n);
  });

  it.each([
    ["the struct logger's answer", { gas: 21000, failed: false, returnValue: "", structLogs: [] }],
    ["a balance that is missing", { [A]: { nonce: 1 } }],
    ["a balance that is no quantity", { [A]: { balance: "12" } }],
    ["a nonce below 0", { [A]: { balance: "0x1", nonce: -1 } }],
    ["half a byte of code", { [A]: { balance: "0x1", code: "0x123" } }],
    ["no address", { "0xaa": { balance: "0x1" } }],
    ["a value longer than a word", { [A]: { balance: "0x1", storage: { "0x1": `0x1${"00".repeat(32)}` } } }],
  ])("with %s is refused", (_what, trace) => {
    expect(prestateSchema().safeParse(trace).success).toBe(false);
  });
});

describe("a trace of changes", () => {
  const diff = prestateDiffSchema().parse({
    pre: {
      [A]: { balance: "0x3e8", nonce: 7, storage: { [word(1n)]: word(5n), [word(2n)]: word(6n) } },
      [B]: { balance: "0x3e8", nonce: 7, code: "0x6001", storage: { [word(1n)]: word(5n) } },
    },
    post: {
      [A]: { balance: "0x3e9", storage: { [word(2n)]: word(60n), [word(3n)]: word(7n) } },
      [C]: { balance: "0x5", nonce: 1, code: "0x6002" },
    },
  });

  it("changes what stands after, sets slots that stand before only to 0, and destroys accounts that do", async () => {
    const state = withChanges(BEHIND, [changesOf(diff)]);
    expect(figures(await state.account(A))).toEqual([1001n, 7n, NO_CODE]);
    expect(await Promise.all([1n, 2n, 3n, 4n].map((slot) => state.slot(A, slot)))).toEqual([
      0n,
      60n,
      7n,
      99n,
    ]);
    expect(figures(await state.account(B))).toEqual([0n, 0n, NO_CODE]);
    expect(await state.slot(B, 2n)).toBe(0n);
    expect(figures(await state.account(C))).toEqual([5n, 1n, keccak256("0x6002")]);
  });

  it("adds up with earlier ones in the order of the block", async () => {
    const later = prestateDiffSchema().parse({
      pre: { [A]: { storage: { [word(2n)]: word(60n) } } },
      post: { [A]: { nonce: 8, storage: { [word(2n)]: word(61n) } }, [B]: { balance: "0x2" } },
    });
    const state = withChanges(BEHIND, [changesOf(diff), changesOf(later)]);
    expect(figures(await state.account(A))).toEqual([1001n, 8n, NO_CODE]);
    expect(await Promise.all([1n, 2n, 3n].map((slot) => state.slot(A, slot)))).toEqual([0n, 61n, 7n]);
    // Destroyed, then paid.
    expect(figures(await state.account(B))).toEqual([2n, 0n, NO_CODE]);
    expect(await state.slot(B, 1n)).toBe(0n);
  });
});
