import { JsonRpcProvider, Transaction, toQuantity, Wallet } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Outlet, type SendOptions, type SignedTransaction, sendWith } from "../../src/chain/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { SealpatchError } from "../../src/errors.js";
import { startOddNode } from "./odd-node.js";

// Chain 1, by its number alone: what holds for chains that are not local. Blocks come when a test says so.
const GWEI = 10n ** 9n;
let anvil: Anvil;
let provider: JsonRpcProvider;
let account: Wallet;
let other: Wallet;

beforeAll(async () => {
  anvil = await startAnvil("cancun", 1);
  const options = { staticNetwork: true, cacheTimeout: -1, pollingInterval: 10, batchMaxCount: 1 };
  provider = new JsonRpcProvider(anvil.url, 1, options);
  await provider.send("evm_setAutomine", [false]);
});
afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
});
beforeEach(async () => {
  account = new Wallet(Wallet.createRandom().privateKey, provider);
  other = new Wallet(Wallet.createRandom().privateKey, provider);
  await provider.send("anvil_setBalance", [account.address, toQuantity(10n ** 20n)]);
  await provider.send("anvil_dropAllTransactions", []);
  await baseFee(GWEI);
});

const mine = (blocks = 1) => provider.send("anvil_mine", [toQuantity(blocks)]);
/** The base fee of the newest block. Nobody pays it: the block is empty, or what is pending waits. */
async function baseFee(fee: bigint): Promise<void> {
  await provider.send("anvil_setNextBlockBaseFeePerGas", [toQuantity(fee)]);
  await mine();
}
const nonceOf = () => provider.getTransactionCount(account.address);

/** Sends, and gives what was signed for it so far. */
function send(
  options: SendOptions = {},
  request: object = { to: other.address, data: "0x12" },
  signer: Wallet = account,
) {
  const signed: SignedTransaction[] = [];
  let told = () => {};
  const isTold = new Promise<void>((resolve) => {
    told = resolve;
  });
  const mined = sendWith(signer, {
    minedWithin: 20,
    ...options,
    beforeSending: async (each) => {
      await options.beforeSending?.(each);
      signed.push(each);
      told();
    },
  })(request);
  mined.catch(() => told());
  return { signed, mined, isTold };
}

/** Waits until the node has a transaction pending. */
async function isPending(hash: string): Promise<void> {
  await expect.poll(() => provider.getTransaction(hash), { interval: 10, timeout: 10_000 }).not.toBeNull();
}
const signedOf = async ({ signed }: { signed: SignedTransaction[] }, count: number) => {
  await expect.poll(() => signed.length, { interval: 10, timeout: 10_000 }).toBe(count);
  return signed[count - 1]!;
};

describe("the chain", () => {
  it("that a signer believes in and the node does not serve gets no signature", async () => {
    const elsewhere = new JsonRpcProvider(anvil.url, 10, { staticNetwork: true });
    try {
      const before = await nonceOf();
      const { mined, signed } = send({}, undefined, new Wallet(account.privateKey, elsewhere));
      await expect(mined).rejects.toMatchObject({
        code: "chain/other-chain",
        details: { chainId: 10n, served: 1n },
      });
      expect(signed).toEqual([]);
      expect(await nonceOf()).toBe(before);
    } finally {
      elsewhere.destroy();
    }
  });
});

describe("fees", () => {
  it("are twice the base fee and the node's tip, and pay for a transaction of EIP-1559", async () => {
    const sending = send({ confirmations: 1 });
    const [first] = [await signedOf(sending, 1)];
    await isPending(first.hash);
    const tip = BigInt(await provider.send("eth_maxPriorityFeePerGas", []));
    const { baseFeePerGas } = (await provider.getBlock("latest"))!;
    expect(first).toMatchObject({
      maxFeePerGas: 2n * baseFeePerGas! + tip,
      maxPriorityFeePerGas: tip,
      nonce: 0,
    });
    await mine();
    const { receipt } = await sending.mined;
    expect([receipt.hash, receipt.type]).toEqual([first.hash, 2]);
  });

  it("are never above the cap: twice the base fee ends there, and above it nothing is signed", async () => {
    const capped = send({ confirmations: 1, maxFee: 3n * GWEI });
    expect(await signedOf(capped, 1)).toMatchObject({ maxFeePerGas: 3n * GWEI });
    await isPending(capped.signed[0]!.hash);
    await mine();
    await capped.mined;
    for (const options of [{ maxFee: GWEI - 1n }, { maxFee: 1n }]) {
      const refused = send(options);
      await expect(refused.mined).rejects.toMatchObject({
        code: "chain/fee-above-cap",
        details: { cap: options.maxFee },
      });
      expect(refused.signed).toEqual([]);
    }
    // Nor what a caller sets himself.
    for (const fees of [
      { gasPrice: 4n * GWEI, type: 0 },
      { maxFeePerGas: 4n * GWEI, maxPriorityFeePerGas: 1n },
    ]) {
      const refused = send({ maxFee: 3n * GWEI }, { to: other.address, ...fees });
      await expect(refused.mined).rejects.toMatchObject({ code: "chain/fee-above-cap" });
      expect(refused.signed).toEqual([]);
    }
    expect(await nonceOf()).toBe(1);
  });

  it("have a cap of 300 gwei where nobody names one", async () => {
    await baseFee(301n * GWEI);
    const refused = send();
    await expect(refused.mined).rejects.toMatchObject({
      code: "chain/fee-above-cap",
      details: { cap: 300n * GWEI, baseFee: 301n * GWEI },
    });
    expect(refused.signed).toEqual([]);
  });
});

describe("waiting", () => {
  it("lasts for two blocks where nobody says otherwise", async () => {
    const sending = send();
    await isPending((await signedOf(sending, 1)).hash);
    let isDone = false;
    void sending.mined.then(() => {
      isDone = true;
    });
    await mine();
    await expect.poll(nonceOf, { interval: 10 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isDone).toBe(false);
    await mine();
    expect((await sending.mined).hash).toBe(sending.signed[0]!.hash);
  });

  it("goes on where a reorganisation takes the block away", async () => {
    const snapshot = await provider.send("evm_snapshot", []);
    const sending = send();
    const { hash } = await signedOf(sending, 1);
    await isPending(hash);
    await mine();
    await expect.poll(() => provider.getTransactionReceipt(hash), { interval: 10 }).not.toBeNull();
    await provider.send("evm_revert", [snapshot]);
    await mine(3);
    expect(await provider.getTransactionReceipt(hash)).toBeNull();
    const isOver = await Promise.race([
      sending.mined.then(() => true),
      new Promise((resolve) => setTimeout(() => resolve(false), 200)),
    ]);
    expect(isOver).toBe(false);
    await mine(); // Empty. The transaction comes back by whoever kept it.
    const request = { to: other.address, data: "0x12", ...feesOf(sending.signed[0]!), nonce: 0 };
    const again = await account.sendTransaction({ ...request, gasLimit: sending.signed[0]!.gasLimit! });
    expect(again.hash).toBe(hash);
    await mine(2);
    expect((await sending.mined).hash).toBe(hash);
  });

  it("tells what took the nonce, and takes the same at another price for its own", async () => {
    const sending = send();
    await isPending((await signedOf(sending, 1)).hash);
    const dear = { maxFeePerGas: 50n * GWEI, maxPriorityFeePerGas: 20n * GWEI, nonce: 0 };
    const repriced = await account.sendTransaction({ to: other.address, data: "0x12", ...dear });
    await mine(2);
    expect((await sending.mined).hash).toBe(repriced.hash);

    for (const [request, why] of [
      [{ to: account.address }, /cancelled/],
      [{ to: other.address, data: "0x13" }, /has its nonce/],
      [{ to: other.address, data: "0x12", value: 1n }, /has its nonce/],
    ] as const) {
      const nonce = await nonceOf();
      const lost = send();
      await isPending((await signedOf(lost, 1)).hash);
      const stranger = await account.sendTransaction({ ...request, ...dear, nonce });
      await mine(2);
      await expect(lost.mined).rejects.toMatchObject({
        code: "chain/replaced",
        details: { by: stranger.hash, hash: lost.signed[0]!.hash, nonce },
        why: expect.stringMatching(why),
      });
    }
  });
});

const feesOf = ({ maxFeePerGas, maxPriorityFeePerGas }: SignedTransaction) => ({
  maxFeePerGas: maxFeePerGas!,
  maxPriorityFeePerGas: maxPriorityFeePerGas!,
});

describe("replacement", () => {
  it("raises the fees at the same nonce once the base fee is above what is offered, and one is mined", async () => {
    const sending = send({ confirmations: 1, replaceAfter: 0.1 });
    const first = await signedOf(sending, 1);
    await isPending(first.hash);
    await baseFee(10n * GWEI);
    const second = await signedOf(sending, 2);
    expect(second.nonce).toBe(first.nonce);
    expect(second.maxFeePerGas).toBeGreaterThanOrEqual(20n * GWEI);
    expect(second.maxPriorityFeePerGas! * 10n).toBeGreaterThanOrEqual(first.maxPriorityFeePerGas! * 11n);
    await isPending(second.hash);
    await mine();
    expect((await sending.mined).hash).toBe(second.hash);
    expect(await nonceOf()).toBe(1);
  });

  it("leaves alone what is good enough, and gives a node back what it lost", async () => {
    const sending = send({ confirmations: 1, replaceAfter: 0.1 });
    const { hash } = await signedOf(sending, 1);
    await isPending(hash);
    await provider.send("anvil_dropTransaction", [hash]);
    await isPending(hash);
    expect(sending.signed.length).toBe(1);
    await mine();
    expect((await sending.mined).hash).toBe(hash);
  });

  it("is told before it leaves: where that fails, it does not leave", async () => {
    const told: SignedTransaction[] = [];
    const sending = send({
      replaceAfter: 0.1,
      beforeSending: async (each) => {
        told.push(each);
        if (told.length === 2) throw new Error("no room");
      },
    });
    await isPending((await signedOf(sending, 1)).hash);
    await baseFee(10n * GWEI);
    await expect(sending.mined).rejects.toMatchObject({ code: "chain/rejected" });
    expect(await provider.getTransaction(told[1]!.hash)).toBeNull();
  });

  it("raises by more where the node wants more, and no further than the cap", async () => {
    // A node that takes no replacement whose tip is raised by less than 25 %.
    const tips: bigint[] = [];
    const node = await startOddNode(
      ({ method, params: [raw] }) => {
        if (method !== "eth_sendRawTransaction") return undefined;
        const tip = Transaction.from(raw as string).maxPriorityFeePerGas!;
        if (!tips.includes(tip)) tips.push(tip);
        if (tip === tips[0] || tip * 4n >= tips[0]! * 5n) return undefined;
        return { error: { code: -32000, message: "replacement transaction underpriced" } };
      },
      { behind: anvil.url },
    );
    const strict = new JsonRpcProvider(node.url, 1, {
      ...{ staticNetwork: true, cacheTimeout: -1, pollingInterval: 10 },
    });
    try {
      for (const [maxFee, tenths] of [
        [300n * GWEI, [80n, 88n, 90n, 100n]],
        [111n * GWEI, [80n, 88n]],
      ] as const) {
        tips.length = 0;
        await baseFee(GWEI);
        await provider.send("anvil_dropAllTransactions", []);
        const fees = { maxFeePerGas: 100n * GWEI, maxPriorityFeePerGas: 8n * GWEI };
        const request = { to: other.address, data: "0x12", ...fees };
        const limits = { maxFee, confirmations: 1, replaceAfter: 0.1, minedWithin: 1.5 };
        const sending = send(limits, request, account.connect(strict));
        await isPending((await signedOf(sending, 1)).hash);
        await baseFee(101n * GWEI);
        await expect(sending.mined).rejects.toMatchObject({
          code: "chain/not-mined",
          details: { cap: maxFee === 111n * GWEI ? maxFee : null },
        });
        expect(tips.map((tip) => tip / (GWEI / 10n))).toEqual(tenths);
      }
    } finally {
      strict.destroy();
      await node.stop();
    }
  });

  it("ends at the cap, and the error says that the cap holds it back", async () => {
    const sending = send({ maxFee: 5n * GWEI, replaceAfter: 0.1, minedWithin: 1 });
    await isPending((await signedOf(sending, 1)).hash);
    await baseFee(20n * GWEI);
    await expect(sending.mined).rejects.toMatchObject({
      code: "chain/not-mined",
      details: { cap: 5n * GWEI, hash: sending.signed[0]!.hash },
      why: expect.stringContaining("5 gwei, holds it back"),
    });
    expect(sending.signed.length).toBe(1);
  });
});

describe("an outlet", () => {
  /** One that keeps what it is given to itself. */
  function silent(lastBlock?: number): Outlet & { readonly given: string[] } {
    const given: string[] = [];
    return {
      given,
      host: "relay.example",
      estimateGas: async () => 60_000n,
      submit: async (raw) => {
        given.push(raw);
        return lastBlock;
      },
    };
  }

  it("alone is given the transaction, which is mined by the own node's receipts", async () => {
    const outlet = silent();
    const sending = send({ outlet, confirmations: 1 });
    const { hash, gasLimit } = await signedOf(sending, 1);
    expect(gasLimit).toBe(60_000n);
    await expect.poll(() => outlet.given.length, { interval: 10 }).toBe(1);
    expect(await provider.getTransaction(hash)).toBeNull();
    await provider.broadcastTransaction(outlet.given[0]!);
    await mine();
    expect((await sending.mined).hash).toBe(hash);
  });

  it("that is at its last block without a receipt has not ended the transaction, and the error says so", async () => {
    const head = await provider.getBlockNumber();
    const outlet = silent(head + 2);
    const sending = send({ outlet });
    await signedOf(sending, 1);
    await mine(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await mine();
    await expect(sending.mined).rejects.toMatchObject({
      code: "chain/not-included",
      details: { lastBlock: head + 2, host: "relay.example", nonce: 0 },
      why: expect.stringContaining("may still be mined"),
    });
  });

  it("whose answer was lost may have taken it; one that refuses has ended it, and one that is not there too", async () => {
    const refusing = (code: "chain/unreachable" | "chain/rejected", cause: string): Outlet => ({
      ...silent(),
      submit: async (raw) => {
        if (cause === "ECONNRESET") await provider.broadcastTransaction(raw);
        throw new SealpatchError(code, "a test", { details: { cause } });
      },
    });
    const lost = send({ outlet: refusing("chain/unreachable", "ECONNRESET"), confirmations: 1 });
    await isPending((await signedOf(lost, 1)).hash);
    await mine();
    expect((await lost.mined).hash).toBe(lost.signed[0]!.hash);
    for (const [code, cause] of [
      ["chain/rejected", "unknown"],
      ["chain/unreachable", "ECONNREFUSED"],
    ] as const)
      await expect(send({ outlet: refusing(code, cause) }).mined).rejects.toMatchObject({ code });
  });
});
