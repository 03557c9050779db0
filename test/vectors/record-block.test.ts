import { hexlify, JsonRpcProvider, toQuantity, Wallet, ZeroAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { deployImplementation, send } from "../../src/drill/deploy.js";
import { contractOf } from "../../src/solc/index.js";
import {
  type CodeUnderTest,
  type Hex,
  recordTransaction,
  type TransactionToRecord,
} from "../../src/vectors/index.js";
import { type Answered, type Asked, startProxy } from "./node-proxy.js";
import { abi, ETHER, probeInterface, probes } from "./probe.js";

// Transactions as a public chain has them: they pay fees, and others stand before them in their block.

let anvil: Anvil;
let provider: JsonRpcProvider;
let accounts: Hex[];
let proxy: Hex;
const COINBASE: Hex = `0x${"c0".repeat(20)}`;
const GWEI = 10n ** 9n;

beforeAll(async () => {
  anvil = await startAnvil("prague");
  provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  accounts = (await provider.send("eth_accounts", [])).map((account: string) => account.toLowerCase());
  const probe = await deployImplementation(provider, accounts[0]!, probes(), "Probe");
  const initCode = `0x${contractOf(probes(), "Proxy").evm.bytecode.object}${abi(["address"], [probe.address]).slice(2)}`;
  const receipt = await send(provider, { from: accounts[0]!, to: null, data: initCode as Hex, value: ETHER });
  proxy = receipt.contractAddress!.toLowerCase() as Hex;
  await provider.send("anvil_setCoinbase", [COINBASE]);
});

afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
});

const record = (hash: string, more: Partial<TransactionToRecord> = {}) =>
  recordTransaction({ rpcUrl: anvil.url, hash: hash as Hex, name: "recorded", kind: "regression", ...more });

const callOf = (name: string, values: readonly unknown[], value = 0n) => ({
  from: accounts[3]!,
  to: proxy,
  data: probeInterface().encodeFunctionData(name, values),
  value: toQuantity(value),
  gas: toQuantity(1_000_000),
});

/** Mines what is sent in one block whose base fee is 1 gwei. */
async function mineTogether(sendAll: () => Promise<string[]>): Promise<string[]> {
  await provider.send("anvil_setNextBlockBaseFeePerGas", [toQuantity(GWEI)]);
  await provider.send("evm_setAutomine", [false]);
  const hashes = await sendAll();
  await provider.send("evm_mine", []);
  await provider.send("evm_setAutomine", [true]);
  const receipts = await Promise.all(hashes.map((hash) => provider.getTransactionReceipt(hash)));
  expect(receipts.map((receipt) => [receipt?.status, receipt?.index])).toEqual(hashes.map((_, i) => [1, i]));
  return hashes;
}

/** Mines a call that pays 2 gwei a unit of gas, one of them to the coinbase. */
async function paying(call: object): Promise<string> {
  const fees = { maxFeePerGas: toQuantity(3n * GWEI), maxPriorityFeePerGas: toQuantity(GWEI) };
  const [hash] = await mineTogether(async () => [
    await provider.send("eth_sendTransaction", [{ ...call, ...fees }]),
  ]);
  return hash!;
}

describe("a transaction that pays for its gas", () => {
  it.each([
    ["stores", () => callOf("store", [4n, 44n], 5n)],
    ["pays the coinbase besides", () => callOf("forward", [COINBASE, 7n, "0x"], 7n)],
    ["pays its own sender back", () => callOf("forward", [accounts[3]!, 1n, "0x"], 3n)],
  ])("and %s has the same vector with traces and without", async (_what, call) => {
    const hash = await paying(call());
    const traced = await record(hash);
    expect(traced.vectors[0]!.calls[0]!.environment).toMatchObject({ baseFee: GWEI, gasPrice: 2n * GWEI });
    expect(await record(hash, { trace: false })).toEqual(traced);
  });

  it("is held against its receipt without traces, too", async () => {
    const hash = await paying(callOf("store", [4n, 45n]));
    const lie = (change: (receipt: Record<string, unknown>) => object) =>
      startProxy(anvil.url, ({ method }: Asked, answered: Answered) => {
        if (method !== "eth_getTransactionReceipt") return answered;
        const receipt = answered.result as Record<string, unknown>;
        return { result: { ...receipt, ...change(receipt) } };
      });
    for (const change of [() => ({ logs: [] }), () => ({ status: "0x0" })]) {
      const node = await lie(change);
      await expect(record(hash, { trace: false, rpcUrl: node.url })).rejects.toMatchObject({
        code: "vectors/differs-from-chain",
      });
      node.close();
    }
  });
});

describe("a delegation (EIP-7702) that an earlier transaction of the block clears", () => {
  const owner = new Wallet(`0x${"07".repeat(32)}`);
  /** Returns the size of the owner's code. */
  const reads = (): CodeUnderTest => ({
    address: `0x${"55".repeat(20)}`,
    code: Buffer.from(`73${owner.address.slice(2)}3b60005260206000f3`, "hex"),
  });
  const chain = 31337;
  /** Each transaction offers less than the one before: so anvil keeps their order. */
  let price = 1_000n * GWEI;
  const fees = () => {
    price -= GWEI;
    return { maxFeePerGas: price, maxPriorityFeePerGas: price };
  };

  /** Sends a transaction of type 4 in which the owner delegates to an account; 0 clears the delegation. */
  async function delegate(sponsor: Wallet, nonce: number, to: string, ownerNonce: number): Promise<string> {
    const authorization = owner.authorizeSync({ address: to, nonce: ownerNonce, chainId: chain });
    const signed = await sponsor.signTransaction({
      ...{ type: 4, chainId: chain, nonce, to: sponsor.address, gasLimit: 200_000 },
      ...fees(),
      authorizationList: [authorization],
    });
    return provider.send("eth_sendRawTransaction", [signed]);
  }

  it("is gone for what only a patch reads, and stands where it was not cleared", async () => {
    const sponsor = new Wallet(`0x${"08".repeat(32)}`);
    await provider.send("anvil_setBalance", [sponsor.address, toQuantity(100n * ETHER)]);
    const call = () => {
      const gasPrice = toQuantity(fees().maxFeePerGas);
      return provider.send("eth_sendTransaction", [{ ...callOf("store", [9n, 9n]), gasPrice }]);
    };
    const sizeSeen = async (hash: string) => {
      const set = await record(hash, { alsoRunOn: [reads()] });
      const { codeHash } = set.vectors[0]!.accounts.find(
        ({ address }) => address === owner.address.toLowerCase(),
      )!;
      return codeHash === null ? 0 : set.codes[codeHash]!.length / 2 - 1;
    };

    // Set, seen by a call, cleared, and seen by another: all in one block.
    const first = await mineTogether(async () => [
      await delegate(sponsor, 0, proxy, 0),
      await call(),
      await delegate(sponsor, 1, ZeroAddress, 1),
      await call(),
    ]);
    expect([await sizeSeen(first[1]!), await sizeSeen(first[3]!)]).toEqual([23, 0]);

    // The delegation is older than the block that clears it.
    await mineTogether(async () => [await delegate(sponsor, 2, proxy, 2)]);
    const second = await mineTogether(async () => [await delegate(sponsor, 3, ZeroAddress, 3), await call()]);
    expect(await sizeSeen(second[1]!)).toBe(0);
    expect(await provider.getCode(owner.address)).toBe("0x");

    // Cleared and set again, to another account.
    await mineTogether(async () => [await delegate(sponsor, 4, proxy, 4)]);
    const third = await mineTogether(async () => [
      await delegate(sponsor, 5, ZeroAddress, 5),
      await call(),
      await delegate(sponsor, 6, hexlify(accounts[4]!), 6),
      await call(),
    ]);
    expect([await sizeSeen(third[1]!), await sizeSeen(third[3]!)]).toEqual([0, 23]);

    // The owner's nonce moves, the delegation stays.
    await provider.send("anvil_setBalance", [owner.address, toQuantity(ETHER)]);
    const fourth = await mineTogether(async () => [
      await provider.send("eth_sendRawTransaction", [
        await owner.signTransaction({
          ...{ type: 2, chainId: chain, nonce: 7, to: sponsor.address, gasLimit: 100_000 },
          ...fees(),
        }),
      ]),
      await call(),
    ]);
    expect(await sizeSeen(fourth[1]!)).toBe(23);
  });
});
