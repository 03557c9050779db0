import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HDNodeWallet, JsonRpcProvider, Wallet } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Mined,
  RELAY_KINDS,
  type RelayKind,
  relayTo,
  type SendOptions,
  type SignedTransaction,
} from "../../src/chain/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import type { SealpatchError } from "../../src/errors.js";
import { sendJournaled } from "../../src/lane/index.js";
import { STATE_FOLDER, withState } from "../../src/state/index.js";
import { type OddNode, startOddNode } from "./odd-node.js";
import { type Behaviour, type RelayServer, startRelay } from "./relay-server.js";

// T11: relays that include, delay, drop, include late, lie and die. Whatever they do, at most one transaction is mined, the next attempt
// ends it, and nobody but the relay is shown it.

const PATCH = "5ea1".repeat(40);
let anvil: Anvil;
/** The chain itself, for the test and the relays. */
let chain: JsonRpcProvider;
/** What the account's own node is asked is written down. */
let node: OddNode;
let own: JsonRpcProvider;
let relay: RelayServer;
let account: HDNodeWallet;
let signed: SignedTransaction[];
/** Of the project, with the journal. */
let folder: string;
/** Before the first run looked at the chain. */
let since: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealpatch-relays-"));
  anvil = await startAnvil();
  chain = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1 });
  node = await startOddNode(() => undefined, { behind: anvil.url });
  own = new JsonRpcProvider(node.url, 31337, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
});

beforeEach(async () => {
  relay = await newRelay();
  node.asked.length = 0;
  await newAccount();
});

afterEach(async () => {
  await relay.stop();
  // It ended, and nothing is left under way.
  await withState(folder, async ({ journal }) => {
    expect(journal.open({ chainId: 31337n, from: account.address })).toEqual([]);
  });
  expect(await readFile(join(folder, STATE_FOLDER, "journal.jsonl"), "utf8")).not.toContain(PATCH);
  // Neither the transaction nor what it is made of.
  const asked = JSON.stringify(node.asked);
  expect(node.asked.length).toBeGreaterThan(0);
  expect(asked).not.toContain(PATCH);
  expect(node.asked.map(({ method }) => method)).not.toContain("eth_sendRawTransaction");
});

afterAll(async () => {
  own.destroy();
  chain.destroy();
  await node.stop();
  await anvil.stop();
  await rm(folder, { recursive: true });
});

/** An account that has sent nothing yet. */
async function newAccount(): Promise<void> {
  account = Wallet.createRandom(own);
  await chain.send("anvil_setBalance", [account.address, "0x56bc75e2d63100000"]);
  signed = [];
  since = await chain.getBlockNumber();
}
const newRelay = () =>
  startRelay(async (method, params) => {
    try {
      return await chain.send(method, [...params]);
    } catch (error) {
      throw (error as { error?: object; info?: { error?: object } }).info?.error ?? error;
    }
  });

/** One run of a command, which has nothing of an earlier one but the journal. */
async function attempt(kind: RelayKind, options: SendOptions = {}, to: RelayServer = relay): Promise<Mined> {
  const blocks = kind === "plain" ? {} : { blocks: 2 };
  const outlet = relayTo({ url: to.url, kind, provider: own, ...blocks });
  const beforeSending = async (transaction: SignedTransaction) => void signed.push(transaction);
  return withState(folder, ({ journal }) => {
    const entry = { journal, what: "execute", chainId: 31337n, since };
    const send = sendJournaled(account, entry, { outlet, beforeSending, ...options });
    return send({ to: account.address, data: `0x${PATCH}` });
  });
}
const failed = (work: Promise<unknown>): Promise<SealpatchError> =>
  work.then(
    () => expect.fail("it was mined"),
    (error) => error,
  );
/** Waits until the relay has been handed so much. */
async function taken(by: RelayServer = relay, count = 1): Promise<void> {
  while (by.requests.filter(({ method }) => method.startsWith("eth_send")).length < count)
    await new Promise((resolve) => setTimeout(resolve, 10));
}
const mine = (blocks: number) => chain.send("anvil_mine", [`0x${blocks.toString(16)}`]);
const nonce = () => chain.getTransactionCount(account.address, "latest");
/** Of all that was signed for the account. */
async function minedOf(): Promise<string[]> {
  const receipts = await Promise.all(signed.map(({ hash }) => chain.getTransactionReceipt(hash)));
  return receipts.flatMap((receipt) => (receipt === null ? [] : [receipt.hash]));
}
/** Offers it until no block can take it any more. */
async function notIncluded(kind: RelayKind): Promise<void> {
  relay.behave({ does: "holds", answers: "the truth" });
  if (kind === "plain") {
    // It names no last block.
    expect(await failed(attempt(kind, { minedWithin: 0.3 }))).toMatchObject({ code: "chain/not-mined" });
    return;
  }
  const last = (await chain.getBlockNumber()) + 2;
  const sending = failed(attempt(kind));
  await taken();
  await mine(3);
  expect(await sending).toMatchObject({
    code: "chain/not-included",
    details: { lastBlock: last, host: new URL(relay.url).host, hash: signed[0]!.hash },
    why: expect.stringContaining("may still be mined"),
  });
}

describe.each(RELAY_KINDS)("a relay (%s)", (kind) => {
  it("that includes it is the only one that sees it", async () => {
    const { hash, receipt } = await attempt(kind);
    expect(receipt.status).toBe(1);
    expect(await minedOf()).toEqual([hash]);
    expect(JSON.stringify(relay.requests)).toContain(PATCH);
  });

  it("that delays it is waited for", async () => {
    relay.behave({ does: "holds", answers: "the truth", after: 100 });
    const sending = attempt(kind);
    await taken();
    await mine(1);
    await relay.include();
    expect(await minedOf()).toEqual([(await sending).hash]);
  });

  it("that drops it leaves the nonce to the next attempt", async () => {
    await notIncluded(kind);
    expect(await nonce()).toBe(0);
    relay.behave({ does: "forwards", answers: "the truth" });
    const { hash } = await attempt(kind);
    expect(await minedOf()).toEqual([hash]);
    expect(await nonce()).toBe(1);
  });

  it("that includes it late, before the next attempt, is the one that counts", async () => {
    await notIncluded(kind);
    await relay.include();
    const other = await newRelay();
    try {
      const { hash } = await attempt(kind, {}, other);
      expect(hash).toBe(signed[0]!.hash);
    } finally {
      await other.stop();
    }
    expect(await nonce()).toBe(1);
  });

  it("that includes it late, after the next attempt, includes nothing", async () => {
    await notIncluded(kind);
    const other = await newRelay();
    try {
      const { hash } = await attempt(kind, {}, other);
      await relay.include();
      await mine(1);
      expect(await minedOf()).toEqual([hash]);
      expect(await nonce()).toBe(1);
    } finally {
      await other.stop();
    }
  });

  const lies: readonly [string, Behaviour, code: string][] = [
    ["names another transaction", { does: "forwards", answers: "another hash" }, "chain/relay-lies"],
    ["says that it refuses", { does: "forwards", answers: "a refusal" }, "chain/rejected"],
  ];
  it.each(lies)("that %s and includes it is survived", async (_, behaviour, code) => {
    relay.behave(behaviour);
    expect(await failed(attempt(kind))).toMatchObject({ code });
    expect(await minedOf()).toEqual([signed[0]!.hash]);
    relay.behave({ does: "forwards", answers: "the truth" });
    expect((await attempt(kind)).hash).toBe(signed[0]!.hash);
    expect(await nonce()).toBe(1);
  });

  it.each(lies)("that %s and keeps it is survived", async (_, { answers }, code) => {
    relay.behave({ does: "holds", answers });
    expect(await failed(attempt(kind))).toMatchObject({ code });
    const other = await newRelay();
    try {
      const { hash } = await attempt(kind, {}, other);
      await relay.include();
      await mine(1);
      expect(await minedOf()).toEqual([hash]);
      expect(await nonce()).toBe(1);
    } finally {
      await other.stop();
    }
  });

  // Which answers are lost, the client's own tests say of each kind.
  const lost = ["a dead line", "half of it", "HTML", "the status 500"] as const;
  it.each(kind === "plain" ? lost : (["a dead line"] as const))(
    "whose answer is lost (%s) may have included it",
    async (answers) => {
      relay.behave({ does: "forwards", answers });
      const { hash } = await attempt(kind);
      expect(await minedOf()).toEqual([hash]);
      expect(await nonce()).toBe(1);
    },
  );

  it("whose answer is lost with the transaction leaves the nonce to the next attempt", async () => {
    relay.behave({ does: "holds", answers: "a dead line" });
    expect(await failed(attempt(kind, { minedWithin: 0.3 }))).toMatchObject({ code: "chain/not-mined" });
    relay.behave({ does: "forwards", answers: "the truth" });
    await attempt(kind);
    expect(await nonce()).toBe(1);
  });

  it("that is dead before it is handed anything is not waited for", async () => {
    const dying = await newRelay();
    const beforeSending = async (transaction: SignedTransaction) => {
      signed.push(transaction);
      await dying.stop();
    };
    expect(await failed(attempt(kind, { beforeSending }, dying))).toMatchObject({
      code: "chain/unreachable",
    });
    const { hash } = await attempt(kind);
    expect(await minedOf()).toEqual([hash]);
    expect(await nonce()).toBe(1);
  });
});

describe("a relay that is late, and an attempt at a higher price", () => {
  const baseFee = (wei: bigint) =>
    chain.send("anvil_setNextBlockBaseFeePerGas", [`0x${wei.toString(16)}`]).then(() => mine(1));
  const gwei = 10n ** 9n;

  afterEach(() => baseFee(0n));

  it("are both at the relay alone, where one run makes both", async () => {
    relay.behave({ does: "holds", answers: "the truth" });
    const sending = attempt("plain", { replaceAfter: 0.1 });
    await taken();
    await baseFee(100n * gwei);
    await taken(relay, 2);
    await relay.include();
    expect((await sending).hash).toBe(signed[1]!.hash);
    expect(signed.map((each) => each.nonce)).toEqual([0, 0]);
    expect(await nonce()).toBe(1);
  });

  it("share a nonce: what is mined first is all that is mined", async () => {
    for (const first of ["old", "new"]) {
      await newAccount();
      await baseFee(0n);
      relay.requests.length = 0;
      await notIncluded("private");
      await baseFee(100n * gwei);
      const other = await newRelay();
      try {
        other.behave({ does: "holds", answers: "the truth" });
        const sending = attempt("private", {}, other);
        await taken(other);
        expect(signed.map((each) => each.nonce)).toEqual([0, 0]);
        const [old, raised] = signed.map(({ hash }) => hash);
        expect(raised).not.toBe(old);
        await chain.send("anvil_setNextBlockBaseFeePerGas", ["0x0"]);
        for (const each of first === "old" ? [relay, other] : [other, relay]) await each.include();
        expect((await sending).hash).toBe(first === "old" ? old : raised);
        expect(await minedOf()).toHaveLength(1);
        expect(await nonce()).toBe(1);
      } finally {
        await other.stop();
      }
    }
  });
});
