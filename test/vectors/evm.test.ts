import {
  getBytes,
  getCreate2Address,
  getCreateAddress,
  keccak256,
  sha256,
  toUtf8Bytes,
  zeroPadValue,
} from "ethers";
import { describe, expect, it } from "vitest";
import { codeDigest } from "../../src/code/index.js";
import {
  type Expectation,
  type Hex,
  outcomeDigest,
  runVector,
  runVectors,
  type VectorCall,
} from "../../src/vectors/index.js";
import {
  ALICE,
  abi,
  BOB,
  ETHER,
  PROXY,
  probeCall,
  probeCode,
  probeInterface,
  probeSet,
  runProbe,
} from "./probe.js";

const run = (...calls: VectorCall[]) => runProbe(probeSet(calls));
const decode = (name: string, outcome: Expectation, call: number) =>
  probeInterface().decodeFunctionResult(name, outcome.calls[call]!.returnData);
const accountOf = (outcome: Expectation, address: string) =>
  outcome.accounts.find((account) => account.address === address.toLowerCase());

describe("accounts that come and go", () => {
  const runtime: Hex = "0x602a60005260206000f3";
  const initCode: Hex = `0x69${runtime.slice(2)}600052600a6016f3`;

  it("a creating call makes a contract, whose code is in the outcome as its digest", async () => {
    const outcome = await run(probeCall("", [], { to: null, data: initCode, value: 3n }));
    const made = getCreateAddress({ from: ALICE, nonce: 5 });
    expect(outcome.calls[0]).toEqual({ success: true, returnData: "0x", logs: [] });
    expect(accountOf(outcome, made)).toMatchObject({
      balance: 3n,
      nonce: 1n,
      codeDigest: codeDigest(getBytes(runtime)),
    });
  });

  it("CREATE and CREATE2 work inside a call, and their contracts in the next one", async () => {
    const salt = 5n;
    const first = getCreateAddress({ from: PROXY, nonce: 1 });
    const second = getCreate2Address(PROXY, zeroPadValue("0x05", 32), keccak256(initCode));
    const outcome = await run(
      probeCall("create", [initCode, 0n, false]),
      probeCall("create", [initCode, salt, true]),
      probeCall("", [], { to: second.toLowerCase() as Hex, data: "0x" }),
      probeCall("create", [initCode, salt, true]),
    );
    expect(decode("create", outcome, 0)[0]).toBe(first);
    expect(decode("create", outcome, 1)[0]).toBe(second);
    expect(outcome.calls[2]!.returnData).toBe(abi(["uint256"], [42n]));
    expect(BigInt(decode("create", outcome, 3)[0])).toBe(0n);
    expect(accountOf(outcome, PROXY)?.nonce).toBe(4n);
  });

  it("SELFDESTRUCT destroys before Cancun and only moves the balance since", async () => {
    const destroy = probeSet([probeCall("destroy", [BOB])], { proxyStorage: [{ slot: 1n, value: 5n }] });
    const before = await runProbe({
      ...destroy,
      vectors: [{ ...destroy.vectors[0]!, hardfork: "shanghai" }],
    });
    expect(accountOf(before, PROXY)).toEqual({
      address: PROXY,
      destroyed: true,
      balance: 0n,
      nonce: 0n,
      codeDigest: 0n,
    });
    expect(before.slots).toEqual([]);

    const since = await runProbe(destroy);
    expect(accountOf(since, PROXY)).toMatchObject({ destroyed: false, balance: 0n, nonce: 1n });
    for (const outcome of [before, since]) expect(accountOf(outcome, BOB)?.balance).toBe(10n * ETHER);
  });

  it("a destroyed contract has no storage in the next call", async () => {
    const set = probeSet([probeCall("destroy", [BOB]), probeCall("load", [1n])], {
      hardfork: "shanghai",
      proxyStorage: [{ slot: 1n, value: 5n }],
    });
    // The proxy's code is gone: the call succeeds and returns nothing.
    expect((await runProbe(set)).calls[1]).toEqual({ success: true, returnData: "0x", logs: [] });
  });

  it("a contract created and destroyed in one call leaves nothing (EIP-6780)", async () => {
    const outcome = await run(probeCall("createAndDestroy", [BOB], { value: 4n }));
    expect(accountOf(outcome, decode("createAndDestroy", outcome, 0)[0])).toBeUndefined();
    expect(accountOf(outcome, BOB)?.balance).toBe(4n);
  });

  it("a touched empty account stays out of the outcome (EIP-161)", async () => {
    const outcome = await run(probeCall("forward", [BOB, 0n, "0x"]));
    expect(accountOf(outcome, BOB)).toBeUndefined();
  });

  it("a failed inner call undoes what it did and no more", async () => {
    const inner = probeInterface().encodeFunctionData("fail", [1n, 9n, "0x1234"]);
    const outcome = await run(probeCall("forward", [PROXY, 1n, inner]), probeCall("load", [1n]));
    expect([...decode("forward", outcome, 0)]).toEqual([false, "0x1234"]);
    expect(decode("load", outcome, 1)[0]).toBe(0n);
  });
});

describe("precompiles", () => {
  it("answer as on the chain", async () => {
    const data = toUtf8Bytes("vector");
    const outcome = await run(
      probeCall("precompile", [2n, data]),
      probeCall("precompile", [4n, data]),
      // An empty pairing is 1 (EIP-197).
      probeCall("precompile", [8n, "0x"]),
      // 3^5 mod 7 = 5 (EIP-198).
      probeCall("precompile", [
        5n,
        `0x${[1n, 1n, 1n].map((n) => n.toString(16).padStart(64, "0")).join("")}030507`,
      ]),
    );
    expect([...decode("precompile", outcome, 0)]).toEqual([true, sha256(data)]);
    expect([...decode("precompile", outcome, 1)]).toEqual([true, `0x${Buffer.from(data).toString("hex")}`]);
    expect([...decode("precompile", outcome, 2)]).toEqual([true, abi(["uint256"], [1n])]);
    expect([...decode("precompile", outcome, 3)]).toEqual([true, "0x05"]);
  });
});

describe("limits", () => {
  it("an endless loop ends at the step limit, as an outcome that passes no expectation", async () => {
    const set = probeSet([probeCall("spin")], { stepLimit: 50_000 });
    const [result] = await runVectors(set, probeCode());
    expect(result).toMatchObject({ outcome: "step-limit", steps: 50_000 });
    expect(outcomeDigest("step-limit")).not.toBe(outcomeDigest(set.vectors[0]!.expectation));
  });

  it("steps are counted over all calls, and exactly", async () => {
    const calls = [probeCall("store", [1n, 1n]), probeCall("store", [2n, 2n])];
    const { steps } = await runVector(probeSet(calls).vectors[0]!, probeSet(calls).codes, probeCode(), 0);
    const within = async (stepLimit: number) =>
      (await runVectors(probeSet(calls, { stepLimit }), probeCode()))[0]!;
    expect((await within(steps)).outcome).not.toBe("step-limit");
    expect((await within(steps - 1)).outcome).toBe("step-limit");
  });

  it("the call depth of the chain holds", async () => {
    const outcome = await run(probeCall("recurse", [2000n]));
    expect(outcome.calls[0]!.success).toBe(false);
  });
});
