import { getCreateAddress, JsonRpcProvider, keccak256, toQuantity } from "ethers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { deployImplementation, send } from "../../src/drill/deploy.js";
import { contractOf } from "../../src/solc/index.js";
import {
  type CallToRecord,
  type CodeUnderTest,
  type Expectation,
  type Hex,
  parseVectorSet,
  type RecordOptions,
  recordVector,
  runVector,
  vectorSetToJson,
} from "../../src/vectors/index.js";
import { pointEvaluations } from "./point-evaluations.js";
import { abi, ETHER, probeInterface, probes } from "./probe.js";

let anvil: Anvil;
let provider: JsonRpcProvider;
let accounts: Hex[];
let probe: CodeUnderTest;
let proxy: Hex;

beforeAll(async () => {
  anvil = await startAnvil();
  provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  accounts = (await provider.send("eth_accounts", [])).map((account: string) => account.toLowerCase());
  const deployer = accounts[0]!;
  probe = await deployImplementation(provider, deployer, probes(), "Probe");
  proxy = getCreateAddress({ from: deployer, nonce: 1 }).toLowerCase() as Hex;
  const initCode = contractOf(probes(), "Proxy").evm.bytecode.object;
  const data = `0x${initCode}${abi(["address"], [probe.address]).slice(2)}` as Hex;
  await send(provider, { from: deployer, to: null, data, value: 10n * ETHER });
  await send(provider, probeTransaction("store", [1n, 111n]));
});

afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
});

function probeTransaction(name: string, values: readonly unknown[], value = 0n, from = accounts[0]!) {
  return { from, to: proxy, data: probeInterface().encodeFunctionData(name, values) as Hex, value };
}

const record = (calls: readonly CallToRecord[], more: Partial<RecordOptions> = {}) =>
  recordVector({
    rpcUrl: anvil.url,
    name: "recorded",
    kind: "regression",
    hardfork: "cancun",
    subject: proxy,
    calls,
    ...more,
  });

describe("a recorded vector", () => {
  it("returns what eth_call returns", async () => {
    for (const transaction of [
      probeTransaction("load", [1n]),
      probeTransaction("surroundings", []),
      probeTransaction("whoami", []),
      probeTransaction("precompile", [2n, "0x1234"]),
      probeTransaction("forward", [accounts[1]!, ETHER, "0x"]),
    ]) {
      const block = await provider.send("eth_getBlockByNumber", ["latest", false]);
      // anvil answers eth_call as if in the next block: it is told to take the newest one's surroundings.
      const overrides = { number: block.number, time: block.timestamp, random: block.mixHash };
      const answer = await provider.send("eth_call", [
        { ...transaction, value: toQuantity(transaction.value), gasPrice: "0x0" },
        "latest",
        {},
        overrides,
      ]);
      const set = await record([transaction]);
      expect(set.vectors[0]!.expectation.calls[0]!.returnData).toBe(answer);
    }
  });

  it("evaluates points as the chain does: the precompile of EIP-4844", async () => {
    for (const { input, holds } of pointEvaluations()) {
      const { vectors } = await record([probeTransaction("precompile", [10n, input])]);
      const { returnData } = vectors[0]!.expectation.calls[0]!;
      const [success, output] = probeInterface().decodeFunctionResult("precompile", returnData);
      expect([success, output.length]).toEqual(holds ? [true, 130] : [false, 2]);
    }
  });

  it("keeps exactly what was touched, without the implementation and the pointer to it", async () => {
    const set = await record([probeTransaction("load", [1n])]);
    const [vector] = set.vectors;
    expect(vector!.accounts.map((account) => account.address)).toEqual([accounts[0]!, proxy].sort());
    expect(vector!.accounts.find((account) => account.address === proxy)).toMatchObject({
      balance: 10n * ETHER,
      nonce: 1n,
      storage: [{ slot: 1n, value: 111n }],
    });
    expect(Object.keys(set.codes)).toEqual([keccak256(await provider.getCode(proxy))]);
  });

  it("starts from the block that is asked for", async () => {
    const block = BigInt(await provider.getBlockNumber());
    await send(provider, probeTransaction("store", [50n, 5n]));
    const loaded = async (at?: bigint) => {
      const set = await record([probeTransaction("load", [50n])], at === undefined ? {} : { block: at });
      return BigInt(set.vectors[0]!.expectation.calls[0]!.returnData);
    };
    expect([await loaded(block), await loaded()]).toEqual([0n, 5n]);
  });

  it("also keeps what other codes touch, and what it is told to keep", async () => {
    const returnsSlot9 = {
      address: `0x${"55".repeat(20)}` as Hex,
      code: Buffer.from("60095460005260206000f3", "hex"),
    };
    await send(provider, probeTransaction("store", [9n, 99n]));
    const storage = async (more: Partial<RecordOptions>) => {
      const set = await record([probeTransaction("load", [1n])], more);
      return set.vectors[0]!.accounts.find((account) => account.address === proxy)!.storage;
    };
    expect(await storage({})).toEqual([{ slot: 1n, value: 111n }]);
    const both = [
      { slot: 1n, value: 111n },
      { slot: 9n, value: 99n },
    ];
    expect(await storage({ alsoRunOn: [returnsSlot9] })).toEqual(both);
    expect(await storage({ extraAccounts: [{ address: proxy, slots: [9n] }] })).toEqual(both);
  });

  it("keeps the block hashes that were asked for", async () => {
    const number = BigInt(await provider.getBlockNumber());
    const earlier = await provider.getBlock(number - 1n);
    const set = await record([probeTransaction("hashOfBlock", [number - 1n])]);
    expect(set.vectors[0]!.calls[0]!.environment.blockHashes).toEqual([
      { number: number - 1n, hash: BigInt(earlier!.hash!) },
    ]);
    expect(set.vectors[0]!.expectation.calls[0]!.returnData).toBe(earlier!.hash);
  });

  it("takes the account of the code under test for new, without storage and balance", async () => {
    await send(provider, { ...probeTransaction("store", [2n, 2n], 5n), to: probe.address });
    const direct = { ...probeTransaction("load", [2n]), to: probe.address };
    await expect(record([direct])).rejects.toMatchObject({ code: "vectors/differs-from-node" });
    const set = await record([
      probeTransaction("load", [1n]),
      direct,
      { ...probeTransaction("forward", [accounts[1]!, 5n, "0x"]), to: probe.address },
    ]);
    expect(set.vectors[0]!.expectation.calls.slice(1).map((call) => call.returnData)).toEqual([
      abi(["uint256"], [0n]),
      abi(["bool", "bytes"], [false, "0x"]),
    ]);
  });

  it("survives its file unchanged", async () => {
    const set = await record([probeTransaction("store", [1n, 2n])]);
    expect(parseVectorSet(JSON.parse(JSON.stringify(vectorSetToJson(set))))).toEqual(set);
  });

  it("is refused where it does not do what a person expects of it", async () => {
    const calls = [probeTransaction("load", [1n])];
    const right = { success: true, returnData: abi(["uint256"], [111n]) };
    await record(calls, { expect: [right] });
    for (const expect_ of [
      [{ success: false }],
      [{ success: true, returnData: abi(["uint256"], [112n]) }],
      [right, right],
      [],
    ]) {
      await expect(record(calls, { expect: expect_ })).rejects.toMatchObject({
        code: "vectors/unexpected-outcome",
      });
    }
  });

  it("T20: an incident's expectation that is not met is refused without showing what it was", async () => {
    const secret = abi(["uint256"], [0xdeadbeefn]);
    const failure = await record([probeTransaction("load", [1n])], {
      name: "secret name",
      kind: "incident",
      expect: [{ success: true, returnData: secret }],
    }).catch((error) => JSON.stringify([error.message, error.toJSON()]));
    expect(failure).toContain("incident vector 0");
    expect(failure).not.toMatch(/deadbeef|secret/);
  });

  it("is refused where there is no code behind the pointer, no node, or no such block", async () => {
    const calls = [probeTransaction("load", [1n])];
    await expect(record(calls, { subject: accounts[5]! })).rejects.toMatchObject({
      code: "vectors/no-code-under-test",
    });
    await expect(record(calls, { rpcUrl: "http://127.0.0.1:1" })).rejects.toMatchObject({
      code: "vectors/node-unreachable",
    });
    await expect(record(calls, { block: 10n ** 9n })).rejects.toMatchObject({
      code: "vectors/block-unknown",
    });
  });

  it("is refused where the subject's code is a delegation: it is another contract's that runs", async () => {
    const delegating: Hex = `0x${"de".repeat(20)}`;
    await provider.send("anvil_setCode", [delegating, `0xef0100${probe.address.slice(2)}`]);
    await expect(
      record([{ ...probeTransaction("load", [1n]), to: delegating }], { subject: delegating }),
    ).rejects.toMatchObject({ code: "code/reserved-first-byte" });
  });

  it("is refused where it does not end, or reaches the code by its own address", async () => {
    await expect(record([probeTransaction("spin", [])], { stepLimit: 10_000 })).rejects.toMatchObject({
      code: "vectors/step-limit",
    });
    const other = await deployImplementation(provider, accounts[0]!, probes(), "Probe");
    const direct = probeTransaction("forward", [other.address, 0n, probeTransaction("whoami", []).data]);
    await record([direct]);
    await expect(record([direct], { alsoRunOn: [other] })).rejects.toMatchObject({
      code: "vectors/not-reproducible",
    });
  });
});

describe("a sequence of real transactions", () => {
  const slot = fc.bigInt({ min: 0n, max: 3n });
  const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
  const bytes = fc.uint8Array({ maxLength: 70 }).map((data) => `0x${Buffer.from(data).toString("hex")}`);
  const initCode = "0x69602a60005260206000f3600052600a6016f3";
  const step = fc.oneof(
    fc.tuple(slot, fc.oneof(word, fc.constant(0n))).map((values) => ["store", values, 3n] as const),
    fc.tuple(slot, word, bytes).map((values) => ["fail", values, 4n] as const),
    fc.constant(["invalid", [], 0n] as const),
    slot.map((value) => ["load", [value], 0n] as const),
    slot.map((value) => ["transientOnce", [value], 0n] as const),
    slot.map((value) => ["loadCost", [value], 0n] as const),
    fc.tuple(slot, slot).map((values) => ["storeCost", values, 0n] as const),
    fc.tuple(slot, fc.boolean()).map(([salt, salted]) => ["create", [initCode, salt, salted], 5n] as const),
    fc.constant(["surroundings", [], 0n] as const),
    fc.constant(["create", ["0xfe", 0n, false], 0n] as const),
    slot.map((index) => ["createAndDestroy", [accounts[Number(index) + 3]!], 6n] as const),
    slot.map((value) => ["forward", [accounts[4]!, value, "0x"], 0n] as const),
    slot.map(
      (value) => ["forward", [proxy, value, probeTransaction("fail", [value, 1n, "0x77"]).data], 0n] as const,
    ),
    bytes.map((data) => ["precompile", [2n, data], 0n] as const),
    slot.map((depth) => ["recurse", [depth], 0n] as const),
    fc.constant(["destroy", [`0x${"dd".repeat(20)}`], 0n] as const),
  );

  it("has the outcome that the chain itself gives it: return data, logs, balances, nonces, code and storage", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(2)), { minLength: 1, maxLength: 6 }), async (steps) => {
        const before = BigInt(await provider.getBlockNumber());
        const calls: CallToRecord[] = [];
        const onChain: Expectation["calls"] = [];
        for (const [[name, values, value], sender] of steps) {
          const transaction = probeTransaction(name, values, value, accounts[sender]!);
          const receipt = await send(provider, transaction);
          const block = await provider.send("eth_getBlockByHash", [receipt.blockHash, false]);
          calls.push({ ...transaction, environment: environmentOf(block) });
          const trace = await provider.send("debug_traceTransaction", [
            receipt.hash,
            { disableStack: true, disableMemory: true, disableStorage: true },
          ]);
          onChain.push({
            success: receipt.status === 1,
            returnData: `0x${trace.returnValue.replace(/^0x/, "")}`,
            logs: receipt.logs.map((log) => ({
              address: log.address.toLowerCase() as Hex,
              topics: log.topics.map(BigInt),
              data: log.data as Hex,
            })),
          });
        }
        const set = await record(calls, { block: before });
        const { expectation } = set.vectors[0]!;
        expect(expectation.calls).toEqual(onChain);
        for (const { address, balance, nonce, codeDigest } of expectation.accounts) {
          expect(balance).toBe(await provider.getBalance(address));
          expect(nonce).toBe(BigInt(await provider.getTransactionCount(address)));
          expect(codeDigest !== 0n).toBe((await provider.getCode(address)) !== "0x");
        }
        for (const { address, slot: position, value } of expectation.slots) {
          expect(value).toBe(BigInt(await provider.getStorage(address, position)));
        }
        // And nothing else changed among what the vector knows.
        const changed = new Set(expectation.accounts.map((account) => account.address));
        for (const { address, balance, nonce } of set.vectors[0]!.accounts) {
          if (changed.has(address)) continue;
          expect([balance, nonce]).toEqual([
            await provider.getBalance(address),
            BigInt(await provider.getTransactionCount(address)),
          ]);
        }
        const { outcome } = await runVector(set.vectors[0]!, set.codes, probe, 0);
        expect(outcome).toEqual(expectation);
      }),
      { numRuns: 25 },
    );
  });
});

function environmentOf(block: Record<string, string>) {
  return {
    number: BigInt(block.number!),
    timestamp: BigInt(block.timestamp!),
    coinbase: block.miner as Hex,
    prevRandao: BigInt(block.mixHash!),
    baseFee: BigInt(block.baseFeePerGas!),
    gasLimit: BigInt(block.gasLimit!),
  };
}
