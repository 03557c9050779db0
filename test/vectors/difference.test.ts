import { AbiCoder, concat, getBytes, Interface, id, keccak256, toBeHex, zeroPadValue } from "ethers";
import { describe, expect, it } from "vitest";
import type { Expectation, Hex } from "../../src/vectors/index.js";
import { differences } from "../../src/vectors/judge/difference.js";
import { StorageNames } from "../../src/vectors/judge/storage-names.js";
import { contractWords } from "../../src/vectors/judge/words.js";
import type { ExecutionStep } from "../../src/vectors/run/steps.js";
import { SUBJECT, sampleVector } from "./sample.js";

const OTHER: Hex = `0x${"33".repeat(20)}`;
const contract = new Interface([
  "function withdraw(uint256 amount) returns (bool done)",
  "error TooMuch(uint256 wanted, address who)",
  "event Paid(address indexed who, uint256 amount, string note)",
]);
const abi = JSON.parse(contract.formatJson());
const abiCoder = AbiCoder.defaultAbiCoder();
const call = (overrides: Partial<Expectation["calls"][number]> = {}) => ({
  success: true,
  returnData: "0x" as Hex,
  logs: [],
  ...overrides,
});
const outcome = (overrides: Partial<Expectation> = {}): Expectation => ({
  calls: [call()],
  accounts: [],
  slots: [],
  ...overrides,
});
const vector = sampleVector({
  calls: [{ ...sampleVector().calls[0]!, data: contract.encodeFunctionData("withdraw", [5]) as Hex }],
});
const words = contractWords(vector, { abi, storage: undefined });

describe("differences of an outcome", () => {
  it("are none where it is the expectation", () => {
    expect(differences(vector.expectation, vector.expectation, words)).toEqual([]);
  });

  it("are all told, each at its place", () => {
    const log = { address: SUBJECT, topics: [1n], data: "0x" as Hex };
    const expected = outcome({
      calls: [call({ logs: [log] }), call({ success: false, returnData: "0x82b42900" })],
      accounts: [{ address: OTHER, destroyed: false, balance: 1n, nonce: 2n, codeDigest: 0n }],
      slots: [{ address: SUBJECT, slot: 7n, value: 1n }],
    });
    const actual = outcome({
      calls: [call({ logs: [log, log] }), call()],
      accounts: [{ address: OTHER, destroyed: true, balance: 0n, nonce: 0n, codeDigest: 0n }],
      slots: [{ address: SUBJECT, slot: 8n, value: 2n }],
    });
    expect(differences(expected, actual)).toEqual([
      {
        place: "log 1 of call 0",
        expected: "no log",
        actual: `topics 0x1, data 0x of ${SUBJECT}`,
      },
      { place: "call 1", expected: "revert 0x82b42900", actual: "success" },
      { place: `account ${OTHER}`, expected: "balance 1, nonce 2", actual: "destroyed" },
      { place: `slot 0x7 of ${SUBJECT}`, expected: "0x1", actual: "no change" },
      { place: `slot 0x8 of ${SUBJECT}`, expected: "no change", actual: "0x2" },
    ]);
  });

  it("show the first word that differs, where both sides are too long to be shown", () => {
    const long = (word: bigint): Hex =>
      abiCoder.encode(["uint256", "uint256", "uint256"], [1n, word, 3n]) as Hex;
    const returning = (returnData: Hex, success = true) =>
      outcome({ calls: [call({ success, returnData })] });
    const [returned] = differences(returning(long(1n << 128n)), returning(long(2n << 128n)));
    const head = "success with 0x00000000000000000000..00000003; word 1: ";
    expect(returned).toEqual({
      place: "call 0",
      expected: `${head}${toBeHex(1n << 128n, 32)}`,
      actual: `${head}${toBeHex(2n << 128n, 32)}`,
    });
    const cut = long(1n).slice(0, -64) as Hex;
    expect(differences(returning(long(1n)), returning(cut))[0]!.actual).toMatch(/; word 2: none$/);

    const reverting = (word: bigint) => returning(`0x82b42900${long(word).slice(2)}`, false);
    expect(differences(reverting(1n), reverting(2n))[0]!.actual).toMatch(/; word 1: 0x0+2$/);

    const logged = (topic: bigint, word: bigint) =>
      outcome({ calls: [call({ logs: [{ address: SUBJECT, topics: [1n, topic], data: long(word) }] })] });
    const middle = (word: bigint) => (1n << 255n) + (word << 100n) + 1n;
    expect(differences(logged(middle(1n), 1n), logged(middle(2n), 1n))[0]!.expected).toContain(
      `; topic 1: ${toBeHex(middle(1n))}`,
    );
    expect(differences(logged(5n, 1n), logged(5n, 2n))[0]!.expected).toContain(
      `; word 1: ${toBeHex(1n, 32)}`,
    );
  });

  it("are one where the steps ran out", () => {
    expect(differences(outcome(), "step-limit")).toHaveLength(1);
  });
});

describe("words from an ABI", () => {
  it("decode custom errors, error texts and panics of a revert", () => {
    const reverts = [
      contract.encodeErrorResult("TooMuch", [7, OTHER]),
      concat(["0x08c379a0", abiCoder.encode(["string"], ["no funds"])]),
      concat(["0x4e487b71", abiCoder.encode(["uint256"], [0x11])]),
      "0x82b42900",
      "0x08c379a0ff",
    ] as Hex[];
    expect(reverts.map((data) => words.reverted(data))).toEqual([
      `TooMuch(7, ${OTHER})`,
      '"no funds"',
      "Panic(17)",
      "0x82b42900",
      "0x08c379a0ff",
    ]);
  });

  it("show no character that a terminal would obey", () => {
    const text = "a\u001b[2J\u009b1m\u202eb\u0007";
    expect(words.reverted(concat(["0x08c379a0", abiCoder.encode(["string"], [text])]) as Hex)).toBe(
      '"a\\u001b[2J\\u{9b}1m\\u{202e}b\\u0007"',
    );
  });

  it("decode what the called function returns", () => {
    const [difference] = differences(
      outcome({ calls: [call({ returnData: abiCoder.encode(["bool"], [true]) as Hex })] }),
      outcome({ calls: [call({ returnData: "0x1234" })] }),
      words,
    );
    expect(difference).toEqual({
      place: "call 0 (withdraw)",
      expected: "success with (true)",
      actual: "success with 0x1234",
    });
  });

  it("decode logs by their event and leave unknown ones as they are", () => {
    const { topics, data } = contract.encodeEventLog("Paid", [OTHER, 5, "rent"]);
    const log = { address: SUBJECT, topics: topics.map(BigInt), data: data as Hex };
    expect(words.log(log)).toBe(`Paid(who: ${OTHER}, amount: 5, note: "rent") of the subject`);
    expect(words.log({ ...log, topics: [1n] })).toContain("topics 0x1");
  });
});

/** As solc gives it for: uint128 a; uint128 b; mapping(address => S) m; uint64[] list; S[2] pair; string text. */
const LAYOUT = {
  storage: [
    { label: "a", slot: "0", offset: 0, type: "u128" },
    { label: "b", slot: "0", offset: 16, type: "u128" },
    { label: "m", slot: "1", offset: 0, type: "map" },
    { label: "list", slot: "2", offset: 0, type: "list" },
    { label: "pair", slot: "3", offset: 0, type: "pair" },
    { label: "text", slot: "7", offset: 0, type: "text" },
    { label: "byText", slot: "8", offset: 0, type: "byText" },
  ],
  types: {
    u128: { encoding: "inplace", label: "uint128", numberOfBytes: "16" },
    u64: { encoding: "inplace", label: "uint64", numberOfBytes: "8" },
    word: { encoding: "inplace", label: "uint256", numberOfBytes: "32" },
    who: { encoding: "inplace", label: "address", numberOfBytes: "20" },
    text: { encoding: "bytes", label: "string", numberOfBytes: "32" },
    map: {
      encoding: "mapping",
      label: "mapping(address => struct S)",
      numberOfBytes: "32",
      key: "who",
      value: "s",
    },
    inner: {
      encoding: "mapping",
      label: "mapping(uint256 => uint256)",
      numberOfBytes: "32",
      key: "word",
      value: "word",
    },
    byText: {
      encoding: "mapping",
      label: "mapping(string => uint256)",
      numberOfBytes: "32",
      key: "text",
      value: "word",
    },
    list: { encoding: "dynamic_array", label: "uint64[]", numberOfBytes: "32", base: "u64" },
    pair: { encoding: "inplace", label: "struct S[2]", numberOfBytes: "128", base: "s" },
    s: {
      encoding: "inplace",
      label: "struct S",
      numberOfBytes: "64",
      members: [
        { label: "x", slot: "0", offset: 0, type: "word" },
        { label: "inner", slot: "1", offset: 0, type: "inner" },
      ],
    },
  },
};

/** The hash of a key and a slot, after the names have learnt it. */
function hashed(names: StorageNames, key: string, slot: bigint): bigint {
  const preimage = getBytes(concat([key, toBeHex(slot, 32)]));
  const step: ExecutionStep = {
    codeAddress: SUBJECT,
    programCounter: 0,
    opcode: 0x20,
    calldata: new Uint8Array(0),
    stack: () => [0n, BigInt(preimage.length)],
    memory: () => preimage,
  };
  names.learn(step);
  return BigInt(keccak256(preimage));
}

describe("names of storage slots", () => {
  it("are those of the variables that share the slot, with members and elements", () => {
    const names = new StorageNames(LAYOUT);
    expect([0n, 2n, 3n, 4n, 5n, 7n, 9n].map((slot) => names.nameOf(slot))).toEqual([
      "a, b",
      "list.length",
      "pair[0].x",
      "pair[0].inner",
      "pair[1].x",
      "text",
      undefined,
    ]);
  });

  it("come from the hashes of a run for mappings within structs within mappings", () => {
    const names = new StorageNames(LAYOUT);
    const struct = hashed(names, zeroPadValue(OTHER, 32), 1n);
    const inner = hashed(names, toBeHex(9, 32), struct + 1n);
    expect(names.nameOf(struct)).toBe(`m[${OTHER}].x`);
    expect(names.nameOf(inner)).toBe(`m[${OTHER}].inner[9]`);
    expect(names.nameOf(inner + 1n)).toBeUndefined();
  });

  it("come from the hashes of a run for arrays, texts and keys that are texts", () => {
    const names = new StorageNames(LAYOUT);
    expect(names.nameOf(hashed(names, "0x", 2n) + 1n)).toBe("list[4..7]");
    expect(names.nameOf(hashed(names, "0x", 7n) + 2n)).toBe("text, part 2");
    expect(names.nameOf(hashed(names, `0x${Buffer.from("key").toString("hex")}`, 8n))).toBe('byText["key"]');
  });

  it("include variables that solc's layout does not have, and none where there is no layout", () => {
    const slot = BigInt(id("erc7201:x"));
    const names = new StorageNames(undefined, [{ slot, size: 64, label: "erc7201:x.y" }]);
    expect([slot, slot + 1n, slot + 2n, 0n].map((each) => names.nameOf(each))).toEqual([
      "erc7201:x.y",
      "erc7201:x.y",
      undefined,
      undefined,
    ]);
    expect(new StorageNames({ storage: "no layout" }).nameOf(0n)).toBeUndefined();
  });
});
