import { JsonRpcProvider, keccak256, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendWith } from "../../src/chain/index.js";
import { BEFORE_SENDING, type OddNode, type Reply, startOddNode } from "./odd-node.js";

describe("a node", () => {
  const HASH = `0x${"22".repeat(32)}`;
  const NEVER_MINED: Readonly<Record<string, unknown>> = {
    ...BEFORE_SENDING,
    eth_accounts: [`0x${"0a".repeat(20)}`],
    eth_getTransactionByHash: null,
    eth_getTransactionReceipt: null,
    eth_sendTransaction: HASH,
  };
  let node: OddNode;
  let provider: JsonRpcProvider;
  let estimates: Reply = { result: "0x5208" };

  beforeAll(async () => {
    node = await startOddNode(({ method, params: [raw] }) => {
      if (method === "eth_estimateGas") return estimates;
      if (method === "eth_sendRawTransaction") return { result: keccak256(raw as string) };
      return { result: NEVER_MINED[method] };
    });
    const options = { staticNetwork: true, pollingInterval: 20, cacheTimeout: -1 };
    provider = new JsonRpcProvider(node.url, 1, options);
  });

  afterAll(async () => {
    provider.destroy();
    await node.stop();
  });

  const sent = () => node.asked.filter(({ method }) => method === "eth_sendRawTransaction").length;

  it("that takes a transaction and drops it is not waited for without end", async () => {
    const wallet = Wallet.createRandom(provider);
    const request = { to: wallet.address, data: "0x12", gasPrice: 1n, type: 0 };
    await expect(sendWith(wallet, { minedWithin: 0.5 })(request)).rejects.toMatchObject({
      code: "chain/not-mined",
      details: { hash: expect.stringMatching(/^0x[0-9a-f]{64}$/), seconds: 0.5 },
    });
    // Where the node signs, ethers asks for the transaction for ever.
    const account = await provider.getSigner(0);
    await expect(sendWith(account, { minedWithin: 0.5 })(request)).rejects.toMatchObject({
      code: "chain/not-mined",
      details: { hash: HASH },
    });
  });

  it("that cannot estimate is told what a transaction may take, and is no revert", async () => {
    estimates = {
      error: { code: -32601, message: "the method eth_estimateGas does not exist/is not available" },
    };
    const wallet = Wallet.createRandom(provider);
    const request = { to: wallet.address, data: "0x12", gasPrice: 1n, type: 0 };
    const before = sent();
    await expect(sendWith(wallet)(request)).rejects.toMatchObject({ code: "chain/unsupported-method" });
    expect(sent()).toBe(before);
    await expect(sendWith(wallet, { gasLimit: 16_777_217n })(request)).rejects.toMatchObject({
      code: "chain/too-much-gas",
    });
    await expect(sendWith(wallet, { gasLimit: 50_000n, minedWithin: 0.5 })(request)).rejects.toMatchObject({
      code: "chain/not-mined",
    });
    expect(sent()).toBe(before + 1);
    // A given gas does not silence a revert.
    estimates = { error: { code: 3, message: "execution reverted" } };
    await expect(sendWith(wallet, { gasLimit: 50_000n })(request)).rejects.toMatchObject({
      code: "chain/reverted",
    });
    expect(sent()).toBe(before + 1);
  });

  it("without a base fee is offered its gas price, under the same cap", async () => {
    estimates = { result: "0x5208" };
    const { baseFeePerGas: _, ...block } = BEFORE_SENDING.eth_getBlockByNumber as Record<string, unknown>;
    const old = await startOddNode(({ method, params: [raw] }) => {
      if (method === "eth_sendRawTransaction") return { result: keccak256(raw as string) };
      const answers = { ...NEVER_MINED, eth_getBlockByNumber: block, eth_gasPrice: "0x5" };
      return { result: answers[method as keyof typeof answers] };
    });
    const legacy = new JsonRpcProvider(old.url, 1, { staticNetwork: true, pollingInterval: 20 });
    const wallet = Wallet.createRandom(legacy);
    const signed: object[] = [];
    const beforeSending = async (each: object) => void signed.push(each);
    const send = (maxFee: bigint) =>
      sendWith(wallet, { minedWithin: 0.1, maxFee, beforeSending })({ data: "0x" });
    try {
      await expect(send(5n)).rejects.toMatchObject({ code: "chain/not-mined" });
      expect(signed).toMatchObject([{ gasPrice: 5n }]);
      await expect(send(4n)).rejects.toMatchObject({
        code: "chain/fee-above-cap",
        details: { price: 5n, cap: 4n },
      });
      expect(signed.length).toBe(1);
    } finally {
      legacy.destroy();
      await old.stop();
    }
  });

  it("is not sent what takes more gas than a transaction may have, and is sent what takes that much", async () => {
    const wallet = Wallet.createRandom(provider);
    const before = sent();
    estimates = { result: "0x1000001" };
    await expect(sendWith(wallet)({ data: "0x" })).rejects.toMatchObject({
      code: "chain/too-much-gas",
      details: { gas: 16_777_217n, maximum: 16_777_216n },
    });
    expect(sent()).toBe(before);
    estimates = { result: "0x1000000" };
    const told: unknown[] = [];
    const beforeSending = async (signed: unknown) => void told.push(signed);
    await expect(sendWith(wallet, { minedWithin: 0.1, beforeSending })({ data: "0x" })).rejects.toThrow();
    expect(told).toMatchObject([{ gasLimit: 16_777_216n }]);
    expect(sent()).toBe(before + 1);
  });
});
