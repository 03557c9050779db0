import { readFileSync } from "node:fs";
import { AbiCoder, concat, dataLength, dataSlice, getAddress, hexlify, Interface, ZeroHash } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionOf, plainCall, SAFE } from "../../src/safe/index.js";
import { linesThat, writtenFolder } from "./folders.js";
import { calls, OWNERS, SAFE_ADDRESS, sampleRequest, TIMELOCK, TIMELOCK_ABI } from "./samples.js";

const place = { chainId: 31_337n, safe: SAFE_ADDRESS };
const actionOfData = (data: string, to = TIMELOCK) =>
  actionOf(place, { ...plainCall({ to, data: "0x", nonce: 7n }), data });
const PAYS = "it pays nobody, sends no wei and runs no foreign code";
const KNOWN = "the calldata is a call that is known";

describe("what a transaction does", () => {
  it.each(Object.entries(calls()))("is said of %s, with each argument", async (name, data) => {
    const action = await actionOfData(data);
    expect(action).toMatchObject({ name, title: expect.stringMatching(/^(COUNCIL|GUARDIAN|OWNER): /) });
    const contract = name === "approveHash" ? SAFE : TIMELOCK_ABI;
    const { fragment, args } = contract.parseTransaction({ data })!;
    expect(contract.encodeFunctionData(fragment, Object.values(action!.values))).toBe(data);
    // Every word of it is shown.
    const leaves = (value: unknown): unknown[] =>
      Array.isArray(value) ? [...value].flatMap(leaves) : [value];
    expect(action!.arguments).toHaveLength(leaves(args).length);
  });

  it("is nothing where a Safe calls itself without data", async () => {
    expect(await actionOfData("0x", SAFE_ADDRESS)).toMatchObject({ name: "void", arguments: [] });
    expect(await actionOfData("0x", TIMELOCK)).toBeUndefined();
  });

  it("has the deadline of a statement", async () => {
    expect((await actionOfData(calls().schedule))?.validUntil).toBe(2_000_000_000n);
  });

  it.each([
    ["a byte more", (data: string) => concat([data, "0x00"])],
    ["a word more", (data: string) => concat([data, ZeroHash])],
    ["a byte less", (data: string) => dataSlice(data, 0, dataLength(data) - 1)],
    ["the selector alone", (data: string) => dataSlice(data, 0, 4)],
    ["three bytes", (data: string) => dataSlice(data, 0, 3)],
    ["another selector", (data: string) => concat(["0x00000000", dataSlice(data, 4)])],
    ["capitals", (data: string) => `0x${data.slice(2).toUpperCase()}`],
  ])("is not known with %s", async (_, change) => {
    for (const data of Object.values(calls())) {
      const changed = change(data);
      if (changed !== data) expect(await actionOfData(changed), data.slice(0, 10)).toBeUndefined();
    }
  });

  it("is not known where a text's padding has bytes in it, or its place is another one", async () => {
    const { halt } = calls("five!");
    const dirty = concat([dataSlice(halt, 0, dataLength(halt) - 1), "0x01"]);
    expect(await actionOfData(dirty)).toBeUndefined();
    // The text one word further on, with a word that nobody is shown before it.
    const moved = concat([dataSlice(halt, 0, 35), "0x40", ZeroHash, dataSlice(halt, 36)]);
    expect(TIMELOCK_ABI.decodeFunctionData("halt", moved)[0]).toBe("five!");
    expect(await actionOfData(moved)).toBeUndefined();
  });

  it("is not known of other functions of the timelock or of a Safe", async () => {
    const { fragments } = TIMELOCK_ABI;
    const functions = fragments.filter(({ type }) => type === "function").map((one) => one.format());
    const known = new Set(
      Object.values(calls()).map((data) => TIMELOCK_ABI.parseTransaction({ data })?.fragment.format()),
    );
    const others = functions.filter((format) => !known.has(format));
    expect(others.length).toBeGreaterThan(30);
    const coder = AbiCoder.defaultAbiCoder();
    for (const format of others) {
      const fragment = TIMELOCK_ABI.getFunction(format)!;
      const data = concat([
        fragment.selector,
        coder.encode(fragment.inputs, coder.getDefaultValue(fragment.inputs)),
      ]);
      expect(TIMELOCK_ABI.parseTransaction({ data })?.fragment.format()).toBe(format);
      expect(await actionOfData(data), format).toBeUndefined();
    }
    const owner = new Interface(["function addOwnerWithThreshold(address, uint256)"]);
    const data = owner.encodeFunctionData("addOwnerWithThreshold", [OWNERS[0], 1]);
    expect(await actionOfData(data, SAFE_ADDRESS)).toBeUndefined();
  });

  it("is never said of bytes that its arguments do not give again", async () => {
    const all = Object.entries(calls());
    const changes = fc.record({
      call: fc.constantFrom(...all),
      at: fc.nat(),
      by: fc.integer({ min: 1, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(changes, async ({ call: [name, data], at, by }) => {
        const bytes = Buffer.from(data.slice(2), "hex");
        bytes[at % bytes.length]! ^= by;
        const changed = hexlify(bytes);
        const action = await actionOfData(changed);
        if (action === undefined) return;
        const contract = name === "approveHash" ? SAFE : TIMELOCK_ABI;
        const { fragment } = contract.parseTransaction({ data: changed })!;
        expect(contract.encodeFunctionData(fragment, Object.values(action.values))).toBe(changed);
        // A byte that differs is an argument that reads otherwise.
        expect(action.arguments).not.toEqual((await actionOfData(data))!.arguments);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a folder of what is not done here", () => {
  it.each([
    ["foreign code", { operation: 1 }, [PAYS, KNOWN]],
    ["wei", { value: 1n }, [PAYS, KNOWN]],
    ["a gas price", { gasPrice: 1n }, [PAYS]],
    ["gas of the call", { safeTxGas: 1n }, [PAYS]],
    ["gas of the rest", { baseGas: 1n }, [PAYS]],
    ["a gas token", { gasToken: OWNERS[0]! }, [PAYS]],
    ["somebody who is paid", { refundReceiver: OWNERS[0]! }, [PAYS]],
    ["calldata that is not known", { data: "0x12345678" }, [KNOWN]],
    ["a byte more", { data: `${calls().halt}00` }, [KNOWN]],
  ])("fails, although its files agree: %s", async (_, change, lines) => {
    const folder = await writtenFolder(sampleRequest(change));
    expect(await linesThat("fails", folder)).toEqual(lines);
  });

  it("says of itself that it is not to be signed", async () => {
    const folder = await writtenFolder(sampleRequest({ operation: 1 }));
    expect(readFileSync(`${folder.folder}/VALIDATION.md`, "utf8")).toContain("**Do not sign it.**");
  });

  it("holds offline where it is one of those that are made here, but for what needs more than the folder", async () => {
    for (const [name, data] of Object.entries(calls())) {
      if (name === "schedule") continue;
      const folder = await writtenFolder(sampleRequest({ data }));
      expect(await linesThat("fails", folder), name).toEqual([]);
    }
  });

  it("fails where the call goes to another timelock, or another chain's", async () => {
    const LINE = "the call goes to the protocol's timelock";
    const folder = await writtenFolder(sampleRequest());
    const timelock = { chainId: 31_337n, address: TIMELOCK };
    expect(await linesThat("holds", folder, { timelock })).toContain(LINE);
    expect(await linesThat("not checked", folder)).toContain(LINE);
    for (const other of [{ address: getAddress(OWNERS[0]!) }, { chainId: 1n }])
      expect(await linesThat("fails", folder, { timelock: { ...timelock, ...other } })).toEqual([LINE]);
  });
});
