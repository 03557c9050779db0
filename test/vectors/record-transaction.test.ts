import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { JsonRpcProvider, toBeHex, toQuantity, zeroPadValue } from "ethers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { deployImplementation, send } from "../../src/drill/deploy.js";
import { contractOf } from "../../src/solc/index.js";
import {
  type CodeUnderTest,
  type Expectation,
  type Hex,
  outcomeDigest,
  recordVector,
  runVector,
} from "../../src/vectors/index.js";
import { recordTransaction, type TransactionToRecord } from "../../src/vectors/record/record-transaction.js";
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
  proxy = await deploy("Proxy", abi(["address"], [probe.address]), 10n * ETHER);
  await send(provider, probeTransaction("store", [1n, 111n]));
});

afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
});

async function deploy(contract: string, parameters: Hex = "0x", value = 0n): Promise<Hex> {
  const data = `0x${contractOf(probes(), contract).evm.bytecode.object}${parameters.slice(2)}` as Hex;
  const receipt = await send(provider, { from: accounts[0]!, to: null, data, value });
  return receipt.contractAddress!.toLowerCase() as Hex;
}

function probeTransaction(name: string, values: readonly unknown[], value = 0n, from = accounts[0]!) {
  return { from, to: proxy, data: probeInterface().encodeFunctionData(name, values) as Hex, value };
}

const record = (hash: string, more: Partial<TransactionToRecord> = {}) =>
  recordTransaction({ rpcUrl: anvil.url, hash: hash as Hex, name: "recorded", kind: "regression", ...more });

/** Mines transactions in one block, in the order given. */
async function inOneBlock(transactions: readonly ReturnType<typeof probeTransaction>[]): Promise<string[]> {
  await provider.send("evm_setAutomine", [false]);
  const hashes: string[] = [];
  for (const { value, ...transaction } of transactions) {
    const gas = toQuantity(2_000_000);
    hashes.push(
      await provider.send("eth_sendTransaction", [
        { ...transaction, value: toQuantity(value), gas, gasPrice: "0x0" },
      ]),
    );
  }
  await provider.send("evm_mine", []);
  await provider.send("evm_setAutomine", [true]);
  const receipts = await Promise.all(hashes.map((hash) => provider.getTransactionReceipt(hash)));
  expect(receipts.map((receipt) => receipt?.index)).toEqual(hashes.map((_, index) => index));
  expect(new Set(receipts.map((receipt) => receipt?.blockNumber)).size).toBe(1);
  return hashes;
}

/** Sends a transaction as it is and waits until it is in a block: anvil answers before that. */
async function mined(transaction: object): Promise<string> {
  const hash: string = await provider.send("eth_sendTransaction", [transaction]);
  await vi.waitUntil(() => provider.getTransactionReceipt(hash), { timeout: 30_000, interval: 10 });
  return hash;
}

const storageOf = (set: Awaited<ReturnType<typeof record>>, address: Hex) =>
  set.vectors[0]!.accounts.find((account) => account.address === address)!.storage;

describe("a vector recorded from a transaction", () => {
  it("has the transaction's own call, in its own block, and passes on the current code", async () => {
    const receipt = await send(provider, probeTransaction("store", [2n, 22n], 5n));
    const block = await provider.send("eth_getBlockByHash", [receipt.blockHash, false]);
    const set = await record(receipt.hash);
    const [vector] = set.vectors;
    expect(vector).toMatchObject({
      hardfork: "cancun",
      subject: proxy,
      pointer: { account: proxy },
      calls: [{ ...probeTransaction("store", [2n, 22n], 5n), environment: { origin: accounts[0] } }],
    });
    expect(vector!.calls[0]!.environment).toMatchObject({
      number: BigInt(block.number),
      timestamp: BigInt(block.timestamp),
      prevRandao: BigInt(block.mixHash),
      gasLimit: BigInt(block.gasLimit),
      gasPrice: 0n,
    });
    const { outcome } = await runVector(vector!, set.codes, probe, 0);
    expect(outcomeDigest(outcome)).toBe(outcomeDigest(vector!.expectation));
    expect((outcome as Expectation).slots).toEqual([{ address: proxy, slot: 2n, value: 22n }]);
  });

  it("starts from the state between the transactions of its block, traced", async () => {
    const [, second, third] = await inOneBlock([
      probeTransaction("store", [20n, 1n]),
      probeTransaction("store", [20n, 2n], 3n),
      probeTransaction("store", [20n, 3n]),
    ]);
    const set = await record(second!);
    expect(storageOf(set, proxy)).toEqual([{ slot: 20n, value: 1n }]);
    expect(storageOf(await record(third!), proxy)).toEqual([{ slot: 20n, value: 2n }]);
    expect(set.vectors[0]!.expectation.slots).toEqual([{ address: proxy, slot: 20n, value: 2n }]);
  });

  it("also knows what only a patch reads, as the earlier transactions of the block left it", async () => {
    await send(provider, probeTransaction("store", [31n, 310n]));
    // Returns slots 30, 31 and 32 and the balance of the third account.
    const reads = {
      address: `0x${"55".repeat(20)}` as Hex,
      code: Buffer.from(
        `601e54600052601f5460205260205460405273${accounts[2]!.slice(2)}3160605260806000f3`,
        "hex",
      ),
    };
    const before = await provider.getBalance(accounts[2]!);
    const [, , last] = await inOneBlock([
      probeTransaction("store", [30n, 300n]),
      probeTransaction("forward", [accounts[2]!, 7n, "0x"]),
      probeTransaction("store", [32n, 320n]),
    ]);
    const set = await record(last!, { alsoRunOn: [reads] });
    expect(storageOf(set, proxy)).toEqual([
      { slot: 30n, value: 300n },
      { slot: 31n, value: 310n },
      { slot: 32n, value: 0n },
    ]);
    const third = set.vectors[0]!.accounts.find(({ address }) => address === accounts[2]);
    expect(third?.balance).toBe(before + 7n);
  });

  it("takes an incident's expectation from the fixed code, and holds the current one against the chain", async () => {
    const receipt = await send(provider, probeTransaction("store", [3n, 33n]));
    const refuses = { address: `0x${"56".repeat(20)}` as Hex, code: Buffer.from("60006000fd", "hex") };
    const set = await record(receipt.hash, { kind: "incident", code: refuses });
    expect(set.vectors[0]!.expectation.calls).toEqual([{ success: false, returnData: "0x", logs: [] }]);
    const onCurrent = await runVector(set.vectors[0]!, set.codes, probe, 0);
    expect((onCurrent.outcome as Expectation).calls[0]!.success).toBe(true);
  });

  it("keeps reverts with their data, halts without, creations and logs", async () => {
    const cases = [
      probeTransaction("fail", [1n, 9n, "0x12345678"]),
      probeTransaction("invalid", []),
      probeTransaction("create", ["0x69602a60005260206000f3600052600a6016f3", 5n, true], 4n),
      probeTransaction("createAndDestroy", [accounts[5]!], 6n),
      probeTransaction("destroy", [accounts[6]!], 0n),
    ];
    for (const transaction of cases) {
      const snapshot = await provider.send("evm_snapshot", []);
      const receipt = await send(provider, transaction);
      const set = await record(receipt.hash);
      expect(set.vectors[0]!.expectation.calls[0]!.success).toBe(receipt.status === 1);
      expect(set.vectors[0]!.expectation.calls[0]!.logs.length).toBe(receipt.logs.length);
      await provider.send("evm_revert", [snapshot]);
    }
  });

  it("follows the contract that is named, where the transaction calls another", async () => {
    const forwarder = await deploy("Probe");
    const { data } = probeTransaction("store", [4n, 44n]);
    const receipt = await send(provider, {
      ...probeTransaction("forward", [proxy, 0n, data]),
      to: forwarder,
    });
    const set = await record(receipt.hash, { subject: proxy.toUpperCase().replace("0X", "0x") as Hex });
    expect(set.vectors[0]).toMatchObject({ subject: proxy, pointer: { account: proxy } });
    expect(set.vectors[0]!.expectation.slots).toEqual([{ address: proxy, slot: 4n, value: 44n }]);
    const itself = await record(receipt.hash);
    expect(itself.vectors[0]).toMatchObject({ subject: forwarder, pointer: null });

    const elsewhere = await send(provider, probeTransaction("store", [4n, 45n]));
    await expect(record(elsewhere.hash, { subject: forwarder })).rejects.toMatchObject({
      code: "vectors/subject-not-reached",
    });
  });

  it("follows an ERC-1967 beacon to the slot that it answers from, and no further than that is clear", async () => {
    const [beacon, beaconProxy] = [await deploy("Beacon"), await deploy("BeaconProxy")];
    const beaconSlot = "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50";
    const store = (account: Hex, slot: string, value: string) =>
      provider.send("anvil_setStorageAt", [account, slot, zeroPadValue(value, 32)]);
    await store(beacon, toBeHex(0, 32), probe.address);
    await store(beaconProxy, toBeHex(0, 32), beacon);
    await store(beaconProxy, beaconSlot, beacon);
    const receipt = await send(provider, { ...probeTransaction("store", [0x77n, 1n]), to: beaconProxy });
    const { vectors, codes } = await record(receipt.hash);
    expect(vectors[0]).toMatchObject({ subject: beaconProxy, pointer: { account: beacon, slot: 0n } });
    const elsewhere = { ...probe, address: `0x${"57".repeat(20)}` as Hex };
    expect((await runVector(vectors[0]!, codes, elsewhere, 0)).outcome).toEqual(vectors[0]!.expectation);

    // Not an address alone: its upper bytes are in use.
    await store(beacon, toBeHex(0, 32), `0x01${"00".repeat(11)}${probe.address.slice(2)}`);
    const packed = await send(provider, { ...probeTransaction("store", [0x77n, 2n]), to: beaconProxy });
    await expect(record(packed.hash)).rejects.toMatchObject({ code: "vectors/beacon-unclear" });
    await expect(record(packed.hash, { pointer: null })).resolves.toBeDefined();
  });

  it("needs no fees of its own: those of the chain are left out", async () => {
    await provider.send("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"]);
    const { value, ...transaction } = probeTransaction("store", [5n, 55n], 8n, accounts[7]);
    const hash = await provider.send("eth_sendTransaction", [
      {
        ...transaction,
        value: toQuantity(value),
        gas: "0x1e8480",
        maxFeePerGas: "0x77359400",
        maxPriorityFeePerGas: "0x1",
      },
    ]);
    await provider.waitForTransaction(hash, 1);
    const { environment } = (await record(hash)).vectors[0]!.calls[0]!;
    expect([environment.baseFee, environment.gasPrice]).toEqual([10n ** 9n, 10n ** 9n + 1n]);
    await provider.send("anvil_setNextBlockBaseFeePerGas", ["0x0"]);
    await provider.send("evm_mine", []);
  });

  it("is refused where it behaves otherwise than on the chain", async () => {
    const { value, ...transaction } = probeTransaction("spin", []);
    const outOfGas = await mined({
      ...transaction,
      value: toQuantity(value),
      gas: "0x186a0",
      gasPrice: "0x0",
    });
    await expect(record(outOfGas)).rejects.toMatchObject({ code: "vectors/step-limit" });
    const warm = await mined({
      ...probeTransaction("loadCost", [1n]),
      value: "0x0",
      gas: "0x186a0",
      gasPrice: "0x0",
      accessList: [{ address: proxy, storageKeys: [`0x${"1".padStart(64, "0")}`] }],
    });
    const failure = await record(warm).catch((error) => error);
    expect(failure).toMatchObject({
      code: "vectors/differs-from-chain",
      why: expect.stringContaining("on the chain against here"),
    });
    const secret = await record(warm, { kind: "incident" }).catch((error) => JSON.stringify(error.toJSON()));
    expect(secret).toContain("not shown");
  });
});

describe("a transaction that makes no vector", () => {
  it("is unknown, pending, or of a type with more than a call in it", async () => {
    await expect(record(`0x${"12".repeat(32)}`)).rejects.toMatchObject({
      code: "vectors/transaction-unknown",
    });
    await provider.send("evm_setAutomine", [false]);
    const { value, ...transaction } = probeTransaction("store", [1n, 1n]);
    const hash = await provider.send("eth_sendTransaction", [
      { ...transaction, gas: "0x186a0", gasPrice: "0x0" },
    ]);
    expect(value).toBe(0n);
    await expect(record(hash)).rejects.toMatchObject({ code: "vectors/transaction-pending" });
    await provider.send("evm_mine", []);
    await provider.send("evm_setAutomine", [true]);
  });

  it("creates a contract, and nobody says which one is to be judged", async () => {
    const data = "0x60006000f3";
    const receipt = await send(provider, { from: accounts[0]!, to: null, data });
    await expect(record(receipt.hash)).rejects.toMatchObject({ code: "vectors/subject-missing" });
  });
});

describe("a node that does not trace", () => {
  let server: Server;
  let url: string;
  const asked: string[] = [];

  beforeAll(async () => {
    // The real node behind a gate that has no debug_ methods.
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      const questions = Array.isArray(body) ? body : [body];
      asked.push(...questions.map(({ method }) => method));
      const refused = questions.find(({ method }) => method.startsWith("debug_"));
      const error = { code: -32601, message: `the method ${refused?.method} does not exist` };
      const answer =
        refused === undefined
          ? await (
              await fetch(anvil.url, {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JSON.stringify(body),
              })
            ).json()
          : { jsonrpc: "2.0", id: null, error };
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => server.close());

  it("gives the same vector of a block's first transaction as one that does", async () => {
    const [first] = await inOneBlock([
      probeTransaction("store", [40n, 4n], 2n),
      probeTransaction("store", [40n, 5n]),
    ]);
    expect(await record(first!, { rpcUrl: url })).toEqual(await record(first!));
    expect(asked).toContain("debug_traceTransaction");
    asked.length = 0;
    expect(await record(first!, { rpcUrl: url, trace: false })).toEqual(await record(first!));
    expect(asked.filter((method) => method.startsWith("debug_"))).toEqual([]);
  });

  it("gives the same vector of a call as one that does, and is never shown an incident's", async () => {
    const call = { rpcUrl: url, name: "a call", kind: "regression", subject: proxy } as const;
    const calls = [probeTransaction("store", [1n, 5n], 2n)];
    asked.length = 0;
    const replayed = await recordVector({ ...call, calls });
    expect(asked).toContain("debug_traceCall");
    expect(replayed).toEqual(await recordVector({ ...call, calls, rpcUrl: anvil.url }));
    for (const more of [{ kind: "incident" }, { trace: false }, { calls: [...calls, ...calls] }] as const) {
      asked.length = 0;
      await recordVector({ ...call, calls, ...more });
      expect(asked.filter((method) => method.startsWith("debug_"))).toEqual([]);
    }
  });

  it("gives none of a later one, rather than one from a wrong state", async () => {
    const [, second] = await inOneBlock([
      probeTransaction("store", [41n, 4n]),
      probeTransaction("store", [41n, 5n]),
    ]);
    await expect(record(second!, { rpcUrl: url })).rejects.toMatchObject({
      code: "vectors/tracing-needed",
      why: expect.stringContaining("does not exist"),
    });
    await expect(record(second!, { trace: false })).rejects.toMatchObject({ code: "vectors/tracing-needed" });
  });
});
