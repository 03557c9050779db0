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
import { contractOf } from "../../scripts/corpus/compile.js";
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
  ENVIRONMENT,
  ETHER,
  PROBE,
  PROXY,
  probeCall,
  probeCode,
  probeInterface,
  probeSet,
  probes,
  runProbe,
} from "./probe.js";

const run = (...calls: VectorCall[]) => runProbe(probeSet(calls));
const decode = (name: string, outcome: Expectation, call: number) =>
  probeInterface().decodeFunctionResult(name, outcome.calls[call]!.returnData);
const accountOf = (outcome: Expectation, address: string) =>
  outcome.accounts.find((account) => account.address === address.toLowerCase());

describe("outcome of a sequence", () => {
  it("has return data, logs, changed accounts and changed slots", async () => {
    const outcome = await run(probeCall("store", [7n, 8n], { value: ETHER }));
    expect(outcome.calls).toEqual([
      {
        success: true,
        returnData: "0x",
        logs: [
          {
            address: PROXY,
            topics: [BigInt(keccak256(toUtf8Bytes("Seen(uint256,uint256)"))), 7n],
            data: abi(["uint256"], [8n]),
          },
        ],
      },
    ]);
    expect(outcome.slots).toEqual([{ address: PROXY, slot: 7n, value: 8n }]);
    expect(outcome.accounts.map(({ address, balance, nonce }) => [address, balance, nonce])).toEqual([
      [PROXY, 11n * ETHER, 1n],
      [ALICE, 99n * ETHER, 6n],
    ]);
  });

  it("undoes state and logs of a revert, and keeps its data and the sender's nonce", async () => {
    const outcome = await run(probeCall("fail", [7n, 8n, "0x82b42900"], { value: ETHER }));
    expect(outcome.calls).toEqual([{ success: false, returnData: "0x82b42900", logs: [] }]);
    expect(outcome.slots).toEqual([]);
    expect(outcome.accounts.map(({ address, balance, nonce }) => [address, balance, nonce])).toEqual([
      [ALICE, 100n * ETHER, 6n],
    ]);
  });

  it("has no data for an exceptional halt", async () => {
    const outcome = await run(probeCall("invalid"));
    expect(outcome.calls[0]).toEqual({ success: false, returnData: "0x", logs: [] });
  });

  it("fails a call whose sender cannot pay its value, as it fails a creation", async () => {
    const outcome = await run(
      probeCall("store", [1n, 1n], { value: 101n * ETHER }),
      probeCall("", [], { to: null, data: "0x00", value: 101n * ETHER }),
    );
    expect(outcome.calls.map((call) => call.success)).toEqual([false, false]);
    expect(accountOf(outcome, ALICE)).toMatchObject({ balance: 100n * ETHER, nonce: 7n });
  });

  it("does not list a slot that ends as it began", async () => {
    const set = probeSet([probeCall("store", [1n, 2n]), probeCall("store", [1n, 5n])], {
      proxyStorage: [{ slot: 1n, value: 5n }],
    });
    expect((await runProbe(set)).slots).toEqual([]);
  });

  it("lists a slot that was cleared with value 0", async () => {
    const set = probeSet([probeCall("store", [1n, 0n])], { proxyStorage: [{ slot: 1n, value: 5n }] });
    expect((await runProbe(set)).slots).toEqual([{ address: PROXY, slot: 1n, value: 0n }]);
  });
});

describe("transaction boundaries within a sequence", () => {
  it("carry storage over and forget transient storage", async () => {
    const outcome = await run(
      probeCall("store", [3n, 4n]),
      probeCall("load", [3n]),
      probeCall("transientOnce", [1n]),
      probeCall("transientOnce", [1n]),
    );
    expect(decode("load", outcome, 1)[0]).toBe(4n);
    expect(decode("transientOnce", outcome, 2)[0]).toBe(0n);
    expect(decode("transientOnce", outcome, 3)[0]).toBe(0n);
  });

  it("make warm slots cold again", async () => {
    const outcome = await run(probeCall("loadCost", [9n]), probeCall("loadCost", [9n]));
    const [first, second] = [decode("loadCost", outcome, 0)[0], decode("loadCost", outcome, 1)[0]];
    expect(first).toBe(second);
    expect(first / 100n).toBe(21n);
  });

  it("make the present value the original one of SSTORE", async () => {
    const outcome = await run(probeCall("storeCost", [9n, 1n]), probeCall("storeCost", [9n, 2n]));
    // Cold, 0 -> 1: 20,000 + 2,100; then cold, clean, 1 -> 2: 2,900 + 2,100 (EIP-2929, EIP-2200).
    expect(decode("storeCost", outcome, 0)[0] / 100n).toBe(221n);
    expect(decode("storeCost", outcome, 1)[0] / 100n).toBe(50n);
  });

  it("count each call as one transaction of its sender, failed ones too", async () => {
    const outcome = await run(
      probeCall("store", [1n, 1n]),
      probeCall("fail", [1n, 1n, "0x"]),
      probeCall("store", [1n, 1n], { from: BOB }),
    );
    expect(accountOf(outcome, ALICE)?.nonce).toBe(7n);
    expect(accountOf(outcome, BOB)?.nonce).toBe(1n);
  });
});

describe("environment", () => {
  it("is what the contract sees", async () => {
    const outcome = await run(
      probeCall("surroundings", [], { environment: { origin: BOB } }),
      probeCall("limits", [], { value: 5n }),
    );
    const { timestamp, number, chainId, coinbase, prevRandao, baseFee, blobBaseFee } = ENVIRONMENT;
    const seen = [...decode("surroundings", outcome, 0)].map((value) =>
      typeof value === "string" ? value.toLowerCase() : value,
    );
    expect(seen).toEqual([
      ALICE,
      BOB,
      timestamp,
      number,
      chainId,
      coinbase,
      prevRandao,
      baseFee,
      blobBaseFee,
    ]);
    expect([...decode("limits", outcome, 1)]).toEqual([30_000_000n, 9n, 5n]);
  });

  it("answers BLOCKHASH for the blocks that it lists, and 0 for the others", async () => {
    const hash = 2n ** 200n + 1n;
    const number = ENVIRONMENT.number - 1n;
    const environment = { blockHashes: [{ number, hash }] };
    const outcome = await run(
      probeCall("hashOfBlock", [number], { environment }),
      probeCall("hashOfBlock", [number - 1n], { environment }),
      probeCall("hashOfBlock", [number]),
    );
    expect([0, 1, 2].map((call) => decode("hashOfBlock", outcome, call)[0])).toEqual([hash, 0n, 0n]);
  });

  it("may change from call to call", async () => {
    const later = { timestamp: ENVIRONMENT.timestamp + 60n };
    const outcome = await run(
      probeCall("surroundings"),
      probeCall("surroundings", [], { environment: later }),
    );
    expect(decode("surroundings", outcome, 1)[2] - decode("surroundings", outcome, 0)[2]).toBe(60n);
  });

  it("selects the rules: PUSH0 is invalid before Shanghai", async () => {
    const initCode: Hex = "0x5f5ff3";
    const create = probeCall("", [], { to: null, data: initCode });
    const outcomes = [];
    for (const hardfork of ["paris", "shanghai", "cancun", "prague", "osaka"] as const) {
      outcomes.push((await runProbe(probeSet([create], { hardfork }))).calls[0]!.success);
    }
    expect(outcomes).toEqual([false, true, true, true, true]);
  });
});

describe("code under test", () => {
  it("stands at its own address, which the pointer slot names", async () => {
    const outcome = await run(probeCall("whoami"));
    expect([...decode("whoami", outcome, 0)].map((address: string) => address.toLowerCase())).toEqual([
      PROBE,
      PROXY,
    ]);
  });

  it("is swapped without any change to the vector", async () => {
    const set = probeSet([probeCall("whoami")]);
    const elsewhere: Hex = `0x${"78".repeat(20)}`;
    const outcome = await runProbe(set, probeCode(elsewhere));
    expect(decode("whoami", outcome, 0)[0].toLowerCase()).toBe(elsewhere);
    const constant = { address: PROBE, code: getBytes("0x602a60005260206000f3") };
    expect((await runProbe(set, constant)).calls[0]!.returnData).toBe(abi(["uint256"], [42n]));
  });

  it("may be given with a checksummed address", async () => {
    const set = probeSet([probeCall("whoami")]);
    const upper = `0x${PROBE.slice(2).toUpperCase()}` as Hex;
    const outcome = await runProbe(set, { ...probeCode(), address: upper });
    expect(outcome.calls[0]!.success).toBe(true);
  });

  it("is found in a beacon's slot where the pointer names it", async () => {
    const beacon: Hex = `0x${"be".repeat(20)}`;
    const code = (name: string) => `0x${contractOf(probes(), name).evm.deployedBytecode.object}` as Hex;
    const [beaconHash, proxyHash] = ["Beacon", "BeaconProxy"].map((name) => keccak256(code(name)) as Hex);
    const storage = [
      { slot: 0n, value: BigInt(beacon) },
      { slot: 1n, value: 77n },
    ];
    const set = probeSet([probeCall("load", [1n])], {
      pointer: { account: beacon, slot: 0n },
      accounts: [
        { address: beacon, balance: 0n, nonce: 1n, codeHash: beaconHash!, storage: [] },
        { address: PROXY, balance: 0n, nonce: 1n, codeHash: proxyHash!, storage },
      ],
      codes: { [beaconHash!]: code("Beacon"), [proxyHash!]: code("BeaconProxy") },
    });
    const outcome = await runProbe(set);
    expect(decode("load", outcome, 0)[0]).toBe(77n);
  });

  it("is the subject itself where there is no pointer", async () => {
    const set = probeSet([probeCall("whoami")], {
      pointer: null,
      accounts: [{ address: PROXY, balance: 0n, nonce: 1n, codeHash: null, storage: [] }],
    });
    const outcome = await runProbe(set, probeCode(PROXY));
    expect([...decode("whoami", outcome, 0)].map((address: string) => address.toLowerCase())).toEqual([
      PROXY,
      PROXY,
    ]);
    await expect(runVectors(set, probeCode())).rejects.toMatchObject({
      code: "vectors/code-address-mismatch",
    });
  });

  it("leaves no trace of its bytes in the outcome, even where its account changes", async () => {
    const outcomes = [];
    for (const code of [
      probeCode(),
      { ...probeCode(), code: getBytes(`${"0x"}${Buffer.from(probeCode().code).toString("hex")}00`) },
    ]) {
      outcomes.push(await runProbe(probeSet([probeCall("forward", [PROBE, 5n, "0x"])]), code));
    }
    expect(accountOf(outcomes[0]!, PROBE)).toEqual({
      address: PROBE,
      destroyed: false,
      balance: 5n,
      nonce: 1n,
      codeDigest: 0n,
    });
    expect(outcomeDigest(outcomes[0]!)).toBe(outcomeDigest(outcomes[1]!));
  });

  it("is refused where the vector has an account", async () => {
    await expect(runVectors(probeSet([probeCall("whoami")]), probeCode(PROXY))).rejects.toMatchObject({
      code: "vectors/code-address-taken",
    });
  });
});

describe("migration call", () => {
  const caller: Hex = `0x${"ad".repeat(20)}`;
  const migration = (name: string, values: readonly unknown[]) => ({
    ...probeCode(),
    migration: { caller, data: getBytes(probeInterface().encodeFunctionData(name, values)) },
  });

  it("runs first, as the caller, in the subject's storage, and is part of the pre-state", async () => {
    const set = probeSet([probeCall("load", [6n]), probeCall("store", [6n, 1n])]);
    const outcome = await runProbe(set, migration("migrate", [6n]));
    expect(decode("load", outcome, 0)[0]).toBe(BigInt(caller));
    expect(outcome.slots).toEqual([{ address: PROXY, slot: 6n, value: 1n }]);
    expect(accountOf(outcome, caller)).toBeUndefined();

    const unchanged = await runProbe(probeSet([probeCall("load", [6n])]), migration("migrate", [6n]));
    expect(unchanged.slots).toEqual([]);
  });

  it("is an error where it reverts or does not end", async () => {
    const set = probeSet([probeCall("load", [6n])], { stepLimit: 2000 });
    await expect(runVectors(set, migration("invalid", []))).rejects.toMatchObject({
      code: "vectors/migration-reverted",
    });
    await expect(runVectors(set, migration("spin", []))).rejects.toMatchObject({
      code: "vectors/migration-step-limit",
    });
  });
});

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

describe("unlisted state", () => {
  it("is named, and counts as empty", async () => {
    const set = probeSet([probeCall("load", [5n]), probeCall("forward", [BOB, 1n, "0x"])], {
      proxyStorage: [{ slot: 1n, value: 5n }],
    });
    const [result] = await runVectors(set, probeCode());
    expect(result!.unlisted).toEqual([
      { address: BOB, slot: null },
      { address: PROXY, slot: 5n },
    ]);
  });
});

describe("progress", () => {
  it("is told after each vector", async () => {
    const seen: { done: number; total: number }[] = [];
    await runVectors(probeSet([probeCall("whoami")]), probeCode(), { onProgress: (step) => seen.push(step) });
    expect(seen).toEqual([{ done: 1, total: 1 }]);
  });
});
