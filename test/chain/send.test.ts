import { JsonRpcProvider, keccak256, type Signer, type TransactionRequest, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendWith } from "../../src/chain/index.js";
import { BEFORE_SENDING, type OddNode, type Reply, startOddNode } from "./odd-node.js";

/** A signer whose node says that a transaction takes `gas`, and what it was given to send. */
function signer(gas: bigint) {
  const sent: TransactionRequest[] = [];
  const hash = `0x${"11".repeat(32)}`;
  const fake = {
    estimateGas: async () => gas,
    sendTransaction: async (transaction: TransactionRequest) => {
      sent.push(transaction);
      return { hash, wait: async () => ({ status: 1, gasUsed: gas }) };
    },
  };
  return { sent, send: sendWith(fake as unknown as Signer) };
}

describe("a relay", () => {
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
    provider = new JsonRpcProvider(node.url, 1, { staticNetwork: true, pollingInterval: 20 });
  });

  afterAll(async () => {
    provider.destroy();
    await node.stop();
  });

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
    });
  });

  it("that cannot estimate is told what a transaction may take, and is no revert", async () => {
    estimates = {
      error: { code: -32601, message: "the method eth_estimateGas does not exist/is not available" },
    };
    const wallet = Wallet.createRandom(provider);
    const request = { to: wallet.address, data: "0x12", gasPrice: 1n, type: 0 };
    const sent = () => node.asked.filter(({ method }) => method === "eth_sendRawTransaction").length;
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
});

describe("the gas of a transaction", () => {
  it("is refused above what a transaction may have, before it is sent", async () => {
    const { sent, send } = signer(16_777_217n);
    await expect(send({ data: "0x" })).rejects.toMatchObject({
      code: "chain/too-much-gas",
      details: { gas: 16_777_217n, maximum: 16_777_216n },
    });
    expect(sent).toEqual([]);
  });

  it("is what the node says, up to the most", async () => {
    const { sent, send } = signer(16_777_216n);
    const { gasUsed } = await send({ data: "0x" });
    expect(gasUsed).toBe(16_777_216n);
    expect(sent).toEqual([{ data: "0x", gasLimit: 16_777_216n }]);
  });
});
