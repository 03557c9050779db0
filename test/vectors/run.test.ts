import { getBytes, keccak256, toUtf8Bytes } from "ethers";
import { describe, expect, it } from "vitest";
import { contractOf } from "../../src/solc/index.js";
import { BEACON_SLOT } from "../../src/vectors/format/index.js";
import {
  ADMIN_SLOT,
  type Expectation,
  type Hex,
  IMPLEMENTATION_SLOT,
  outcomeDigest,
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
    const set = probeSet([probeCall("load", [6n]), probeCall("load", [7n]), probeCall("store", [6n, 1n])]);
    const outcome = await runProbe(set, migration("migrate", [6n]));
    expect([0, 1].map((call) => decode("load", outcome, call)[0])).toEqual([BigInt(caller), BigInt(caller)]);
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

  it("T12: is refused where it writes what a proxy runs or who may change that, however deep, and even to no effect", async () => {
    const set = () => probeSet([probeCall("load", [6n])]);
    for (const slot of [IMPLEMENTATION_SLOT, ADMIN_SLOT, BEACON_SLOT]) {
      const inside = [PROXY, 0n, probeInterface().encodeFunctionData("store", [slot, 7n])] as const;
      // By itself; in a call whose failure would not matter; and a value that was there before.
      for (const code of [
        migration("store", [slot, 7n]),
        migration("forward", inside),
        migration("store", [slot, 0n]),
      ]) {
        await expect(runVectors(set(), code)).rejects.toMatchObject({ code: "vectors/migration-upgrades" });
      }
      // A slot beside it is the migration's own affair.
      await runVectors(set(), migration("store", [slot + 1n, 7n]));
    }
  });

  const withGas = (gas: bigint, name: string, values: readonly unknown[]) => {
    const code = migration(name, values);
    return { ...code, migration: { ...code.migration, gas } };
  };
  const load = () => probeSet([probeCall("load", [6n])]);
  /** A call of the proxy whose failure the migration does not mind. */
  const tolerated = (name: string, values: readonly unknown[]) => [
    PROXY,
    0n,
    probeInterface().encodeFunctionData(name, values),
  ];

  it("runs with the gas that arrives, and does the same with half of it", async () => {
    // 20,000 for a new slot, 2,100 because it is cold, and the log.
    const outcome = await runProbe(load(), withGas(60_000n, "store", [6n, 5n]));
    expect(decode("load", outcome, 0)[0]).toBe(5n);
    const inside = await runProbe(load(), withGas(100_000n, "forward", tolerated("store", [6n, 5n])));
    expect(decode("load", inside, 0)[0]).toBe(5n);
  });

  it("T12: is refused where it runs out of gas, or a call inside of it does, whatever its caller makes of that", async () => {
    for (const code of [
      withGas(20_000n, "store", [6n, 5n]),
      withGas(0n, "store", [6n, 5n]),
      withGas(60_000n, "forward", tolerated("spin", [])),
      withGas(25_000n, "forward", tolerated("store", [6n, 5n])),
    ]) {
      await expect(runVectors(load(), code)).rejects.toMatchObject({ code: "vectors/migration-out-of-gas" });
    }
    // A call that fails for another reason is the migration's own affair.
    const outcome = await runProbe(load(), withGas(200_000n, "forward", tolerated("fail", [6n, 5n, "0x"])));
    expect(decode("load", outcome, 0)[0]).toBe(0n);
  });

  it("T12: is refused where half of the gas would revert, or succeed with something else", async () => {
    for (const code of [
      withGas(40_000n, "store", [6n, 5n]),
      withGas(45_000n, "forward", tolerated("store", [6n, 5n])),
    ]) {
      await expect(runVectors(load(), code)).rejects.toMatchObject({ code: "vectors/migration-gas-margin" });
    }
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
