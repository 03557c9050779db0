import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { JsonRpcProvider, keccak256, Transaction, toQuantity, Wallet } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SendOptions } from "../../src/chain/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { SealpatchError } from "../../src/errors.js";
import { cancelUnderWay, sendJournaled, settleJournal } from "../../src/lane/index.js";
import { type Journal, type JournalLine, type SignedLine, withState } from "../../src/state/index.js";
import { temporaryFolder } from "../project/projects.js";

// Blocks come when a test says so. A run that "dies" stops before, or after, its transaction has left.
const GWEI = 10n ** 9n;
const ROOT = temporaryFolder();
const CHAIN = 1n;
let anvil: Anvil;
let provider: JsonRpcProvider;
let account: Wallet;
let folder: string;

beforeAll(async () => {
  anvil = await startAnvil("cancun", Number(CHAIN));
  const options = { staticNetwork: true, cacheTimeout: -1, pollingInterval: 10, batchMaxCount: 1 };
  provider = new JsonRpcProvider(anvil.url, Number(CHAIN), options);
  await provider.send("evm_setAutomine", [false]);
});
afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(ROOT, "project-"));
  account = new Wallet(Wallet.createRandom().privateKey, provider);
  await provider.send("anvil_setBalance", [account.address, toQuantity(10n ** 20n)]);
  await provider.send("anvil_dropAllTransactions", []);
  await baseFee(GWEI);
});

const mine = (blocks = 1) => provider.send("anvil_mine", [toQuantity(blocks)]);
async function baseFee(fee: bigint): Promise<void> {
  await provider.send("anvil_setNextBlockBaseFeePerGas", [toQuantity(fee)]);
  await mine();
}
const nonceOf = () => provider.getTransactionCount(account.address);
const lines = () => withState(folder, async ({ journal }) => [...journal.lines]);
const signedLines = async () => (await lines()).filter((line): line is SignedLine => line.stage === "signed");

const REQUEST = { to: `0x${"42".repeat(20)}`, data: "0x1234" };
const QUICK: SendOptions = { confirmations: 1, minedWithin: 10 };
/** One run of a command. */
const run = (what = "execute", request: object = REQUEST, options: SendOptions = {}, since?: number) =>
  withState(folder, ({ journal }) =>
    sendJournaled(account, { journal, what, chainId: CHAIN, since }, { ...QUICK, ...options })(request),
  );
/** A run that dies once its transaction is written down: `seen` before it dies, or never. */
async function dies(seen: boolean, what = "execute", request: object = REQUEST): Promise<SignedLine> {
  const outlet = {
    host: "own.example",
    estimateGas: async () => 60_000n,
    submit: async (raw: string) => {
      if (seen) await provider.broadcastTransaction(raw);
      throw new SealpatchError("chain/rejected", "it dies here");
    },
  };
  await expect(run(what, request, { outlet })).rejects.toThrow("it dies here");
  return (await signedLines()).at(-1)!;
}
async function isPending(hash: string): Promise<void> {
  await expect.poll(() => provider.getTransaction(hash), { interval: 10, timeout: 10_000 }).not.toBeNull();
}
/** Mines once something of the account is pending. */
async function minedSoon(): Promise<void> {
  const next = await nonceOf();
  const pending = () => provider.getTransactionCount(account.address, "pending");
  await expect.poll(pending, { interval: 10, timeout: 10_000 }).toBeGreaterThan(next);
  await mine(2);
}
const sent = (hash: string) => provider.getTransaction(hash);
const lineOf = (stage: JournalLine["stage"], hash: string) => expect.objectContaining({ stage, hash });

describe("a journaled transaction", () => {
  it("is on disk, with all that makes it again, before it leaves", async () => {
    const outlet = {
      host: "own.example",
      estimateGas: async () => 60_000n,
      submit: async (raw: string) => {
        const { hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(raw);
        const last = readFileSync(join(folder, ".sealpatch/journal.jsonl"), "utf8")
          .trim()
          .split("\n")
          .at(-1)!;
        const written = { hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, dataHash: keccak256("0x1234") };
        expect(JSON.parse(last)).toMatchObject(
          Object.fromEntries(Object.entries(written).map(([name, value]) => [name, String(value)])),
        );
        await provider.broadcastTransaction(raw);
        return undefined;
      },
    };
    const [{ hash }] = await Promise.all([run("execute", REQUEST, { outlet }), minedSoon()]);
    expect((await lines()).map(({ stage }) => stage)).toEqual(["signed", "mined"]);
    expect((await lines())[1]).toMatchObject({ hash });
  });

  it.each([true, false])(
    "that a run died with is gone on with, and is the same (seen by the node: %s)",
    async (seen) => {
      const since = await provider.getBlockNumber();
      const line = await dies(seen);
      const [{ hash }] = await Promise.all([run("execute", REQUEST, {}, since), minedSoon()]);
      expect(hash).toBe(line.hash);
      expect(await nonceOf()).toBe(1);
      expect((await signedLines()).length).toBe(1);
      expect(await lines()).toContainEqual(lineOf("mined", hash));
    },
  );

  it("takes the place of itself, dearer, where the base fee has risen meanwhile", async () => {
    const line = await dies(true);
    await baseFee(10n * GWEI);
    const again = run();
    await expect
      .poll(async () => (await provider.send("txpool_status", [])).pending, { interval: 10 })
      .toBe("0x1");
    await expect.poll(() => sent(line.hash), { interval: 10, timeout: 10_000 }).toBeNull();
    await mine(2);
    const { hash } = await again;
    const signed = await signedLines();
    expect(signed.map(({ nonce }) => nonce)).toEqual([line.nonce, line.nonce]);
    expect(signed[1]!.hash).toBe(hash);
    expect(await lines()).toContainEqual(lineOf("replaced", line.hash));
    expect(await nonceOf()).toBe(1);
  });

  it("of an older journal, without its fees, takes the nonce again", async () => {
    const { hash, ...rest } = await dies(false);
    const { at: _, gasLimit: __, maxFeePerGas: ___, maxPriorityFeePerGas: ____, ...older } = rest;
    folder = await mkdtemp(join(ROOT, "project-"));
    await withState(folder, ({ journal }) => journal.write({ ...older, hash }));
    const [mined] = await Promise.all([run(), minedSoon()]);
    expect((await sent(mined.hash))!.nonce).toBe(older.nonce);
    expect(await lines()).toContainEqual(lineOf("mined", mined.hash));
  });

  it("that was mined since its caller looked at the chain counts as sent, and is not sent twice", async () => {
    const since = await provider.getBlockNumber();
    const line = await dies(true);
    await mine(2);
    expect((await run("execute", REQUEST, {}, since)).hash).toBe(line.hash);
    expect(await nonceOf()).toBe(1);
    expect(await lines()).toContainEqual(lineOf("mined", line.hash));
  });

  it("that was mined before its caller looked is settled, and what is asked for now is sent", async () => {
    const line = await dies(true);
    await mine(2);
    const [again] = await Promise.all([
      run("execute", REQUEST, {}, await provider.getBlockNumber()),
      minedSoon(),
    ]);
    expect(again.hash).not.toBe(line.hash);
    expect(await lines()).toContainEqual(lineOf("mined", line.hash));
    expect(await nonceOf()).toBe(2);
  });

  it("is settled by itself, where nothing is to be sent any more, and what is not mined stays open", async () => {
    const line = await dies(true);
    const before = (await lines()).length;
    const settled = () =>
      withState(folder, async ({ journal }) => {
        await settleJournal(provider, { journal, chainId: CHAIN });
        return journal.lines.slice(before);
      });
    expect(await settled()).toEqual([]);
    await mine();
    const outcome = [lineOf("mined", line.hash)];
    expect(await settled()).toEqual(outcome);
    expect(await settled()).toEqual(outcome);
  });

  it("whose nonce something else took is settled as replaced", async () => {
    const line = await dies(false);
    await account.sendTransaction({ to: REQUEST.to, nonce: line.nonce });
    await mine();
    await Promise.all([run("schedule"), minedSoon()]);
    expect(await lines()).toContainEqual(lineOf("replaced", line.hash));
  });
});

describe("nothing is sent over, or behind, what may still be mined", () => {
  it.each([
    ["for another purpose", "schedule", REQUEST],
    ["to another account", "execute", { ...REQUEST, to: `0x${"43".repeat(20)}` }],
    ["with other data", "execute", { ...REQUEST, data: "0x12" }],
  ])("%s", async (_, what, request) => {
    const line = await dies(false);
    await expect(run(what, request)).rejects.toMatchObject({
      code: "lane/under-way",
      details: { what: "execute", nonce: line.nonce, hash: line.hash },
    });
    expect((await signedLines()).length).toBe(1);
  });

  it("that the journal does not know", async () => {
    const { hash } = await account.sendTransaction({ to: REQUEST.to });
    await isPending(hash);
    await expect(run()).rejects.toMatchObject({
      code: "lane/sent-elsewhere",
      details: { nonce: 0 },
    });
    expect(await signedLines()).toEqual([]);
  });

  it("and what another account, or the same one on another chain, has under way is in nobody's way", async () => {
    const line = await dies(false);
    folder = await mkdtemp(join(ROOT, "project-"));
    await withState(folder, async ({ journal }) => {
      const { at: _, ...rest } = line;
      await journal.write({ ...rest, chainId: 5n });
      await journal.write({ ...rest, from: REQUEST.to });
    });
    await Promise.all([run("schedule"), minedSoon()]);
    expect(await nonceOf()).toBe(1);
  });
});

describe("cancelling", () => {
  const cancel = (options: SendOptions = {}) =>
    withState(folder, ({ journal }: { journal: Journal }) =>
      cancelUnderWay(account, { journal, chainId: CHAIN }, { ...QUICK, ...options }),
    );

  it("uses up the nonce at a higher price, by a transaction that shows nothing", async () => {
    const line = await dies(true);
    const [done] = await Promise.all([
      cancel(),
      expect
        .poll(() => sent(line.hash))
        .toBeNull()
        .then(() => mine(2)),
    ]);
    expect(done).toMatchObject({ nonce: line.nonce, what: "execute", isCancelled: true });
    const mined = (await sent(done.transaction))!;
    expect([mined.to, mined.data, mined.value, mined.nonce]).toEqual([account.address, "0x", 0n, line.nonce]);
    expect(mined.maxFeePerGas! * 10n).toBeGreaterThanOrEqual(line.maxFeePerGas! * 11n);
    expect(await lines()).toContainEqual(lineOf("replaced", line.hash));
    // The account is free.
    await Promise.all([run("schedule"), minedSoon()]);
    expect(await nonceOf()).toBe(2);
  });

  it("says that it was too late", async () => {
    const line = await dies(true);
    // The block comes while the empty one is on its way.
    const late = cancel({
      beforeSending: async () => {
        await mine();
      },
    });
    expect(await late).toEqual({
      ...{ nonce: line.nonce, what: "execute", isCancelled: false },
      transaction: line.hash,
    });
    expect(await lines()).toContainEqual(lineOf("mined", line.hash));
  });

  it("is gone on with after a crash, and then alone", async () => {
    const line = await dies(false);
    const outage = async () => {
      throw new SealpatchError("state/folder-unwritable", "the disk is full");
    };
    await expect(cancel({ beforeSending: outage })).rejects.toMatchObject({
      code: "state/folder-unwritable",
    });
    expect((await signedLines()).length).toBe(1);
    const waiting = cancel({ minedWithin: 0.3 });
    await expect(waiting).rejects.toMatchObject({ code: "chain/not-mined" });
    await expect(run()).rejects.toMatchObject({ code: "lane/under-way", details: { what: "cancel" } });
    const [done] = await Promise.all([cancel(), minedSoon()]);
    expect(done).toMatchObject({ nonce: line.nonce, what: "execute", isCancelled: true });
    expect((await signedLines()).map(({ what }) => what)).toEqual(["execute", "cancel"]);
  });

  it("is refused where nothing is under way; what was mined since the last run is told", async () => {
    await expect(cancel()).rejects.toMatchObject({ code: "lane/nothing-under-way" });
    const line = await dies(true);
    await mine();
    expect(await cancel()).toMatchObject({ what: "execute", isCancelled: false, transaction: line.hash });
    await expect(cancel()).rejects.toMatchObject({ code: "lane/nothing-under-way" });
    expect(await nonceOf()).toBe(1);
  });

  it("is not paid for above the cap", async () => {
    const { maxFeePerGas } = await dies(false);
    await expect(cancel({ maxFee: maxFeePerGas! })).rejects.toMatchObject({ code: "chain/fee-above-cap" });
    expect((await signedLines()).length).toBe(1);
  });
});
