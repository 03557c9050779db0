import { concat, dataLength, Interface, JsonRpcProvider, toBeHex, zeroPadValue } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addSignature,
  executionCall,
  packSignatures,
  readSafe,
  readSignature,
  SAFE,
  type SAFE_VERSIONS,
  type SafeFolder,
  type SafeRequest,
  type SafeTransaction,
  safeProgress,
  safeRequest,
} from "../../src/safe/index.js";
import { type Answerer, startOddNode } from "../chain/odd-node.js";
import { writtenFolder } from "./folders.js";
import {
  executionData,
  key,
  type RealSafes,
  safeInterface,
  signTyped,
  startRealSafes,
} from "./real-safes.js";

const [alice, bob, carol] = [key(1), key(2), key(3)];
const owners = [alice, bob, carol].map(({ address }) => address);
const APPROVAL = SAFE.encodeFunctionData("approveHash", [`0x${"ab".repeat(32)}`]);
const MULTI_SEND = new Interface(["function multiSend(bytes transactions) payable"]);

let safes: RealSafes;

beforeAll(async () => {
  safes = await startRealSafes();
});
afterAll(() => safes?.stop());

const signed = (request: SafeRequest): string =>
  executionData(
    request,
    packSignatures(
      [alice, bob].map((one) => readSignature(signTyped(one, request), request.hashes.safeTxHash)),
    ),
  );

async function execute(request: SafeRequest): Promise<string> {
  const { transactionHash } = await safes.send({ to: request.safe, data: signed(request) });
  return transactionHash;
}

/** By a contract that calls the Safe, not by the Safe's own transaction. */
async function executeWithin(request: SafeRequest): Promise<string> {
  const data = signed(request);
  const part = concat(["0x00", request.safe, toBeHex(0, 32), toBeHex(dataLength(data), 32), data]);
  const { transactionHash } = await safes.send({
    to: safes.contracts["1.5.0"].multiSend,
    data: MULTI_SEND.encodeFunctionData("multiSend", [part]),
  });
  return transactionHash;
}

/** A new Safe, a folder for its first nonce, and another transaction for the same one. */
async function rivals(version: (typeof SAFE_VERSIONS)[number] = "1.5.0", isL2 = false) {
  const safe = await safes.deploy({ version, owners, threshold: 2, isL2 });
  const other = (change: Partial<SafeTransaction>) => safes.request(safe, change);
  return { safe, folder: await writtenFolder(await safes.request(safe)), other };
}

const useOf = async (folder: SafeFolder, provider = safes.provider) =>
  (await safeProgress(provider, folder)).use;

describe.each([
  ["1.3.0", false],
  ["1.4.1", true],
] as const)("a nonce of a Safe %s (L2: %s)", (version, isL2) => {
  it("is used by the transaction itself, by another one, or by none", async () => {
    const { folder, other, safe } = await rivals(version, isL2);
    expect(await safeProgress(safes.provider, folder)).toEqual({ nonce: 0n, use: undefined });
    const rival = await writtenFolder(await other({ to: owners[0]!, data: APPROVAL }));
    const transaction = await execute(folder.request);
    const use = { transaction, safeTxHash: folder.request.hashes.safeTxHash, hasFailed: false };
    const own = { ...use, isOwn: true, action: { name: "void" } };
    expect(await useOf(folder)).toMatchObject(own);
    expect(await useOf(rival)).toMatchObject({ ...own, isOwn: false });
    // More after it, which are not it.
    await execute(await safes.request(safe, { data: APPROVAL, to: owners[1]! }));
    await execute(await safes.request(safe));
    expect(await useOf(folder)).toMatchObject(own);
    expect(await useOf(rival)).toMatchObject({ ...own, isOwn: false });
  });

  it("is used where the call fails, and the transaction says that it does", async () => {
    const { safe, other } = await rivals(version, isL2);
    // The Safe is no owner of itself: its own approval reverts, and with gas set aside for it that is an event.
    const failing = await writtenFolder(await other({ to: safe, data: APPROVAL, safeTxGas: 200_000n }));
    const rival = await writtenFolder(await other({}));
    const transaction = await execute(failing.request);
    expect(await useOf(failing)).toMatchObject({ transaction, isOwn: true, hasFailed: true });
    expect(await useOf(rival)).toMatchObject({ transaction, isOwn: false, hasFailed: true });
    await expect(executionCall(safes.provider, failing)).rejects.toMatchObject({
      code: "safe/nonce-used",
      why: expect.stringContaining("its call failed"),
    });
  });
});

describe("the transaction that used a nonce", () => {
  it("is named with what it did only where the chain's transaction shows that", async () => {
    const { folder, safe } = await rivals();
    const rival = await writtenFolder(await safes.request(safe, { to: owners[0]!, data: APPROVAL }));
    const transaction = await executeWithin(rival.request);
    expect(await useOf(folder)).toMatchObject({ transaction, isOwn: false, action: undefined });
    expect(await useOf(rival)).toMatchObject({ transaction, isOwn: true, action: undefined });
  });

  it("is not said to do what a node makes up", async () => {
    const { folder, other } = await rivals();
    const told = await other({ to: owners[0]!, data: APPROVAL });
    await execute(folder.request);
    await throughNode(
      async ({ method }, pass) => {
        if (method !== "eth_getTransactionByHash") return undefined;
        const { result } = (await pass()) as { result: object };
        return { result: { ...result, input: signed(told) } };
      },
      async (provider) =>
        expect(await useOf(folder, provider)).toMatchObject({ isOwn: true, action: undefined }),
    );
  });

  it("is known by its own hash, also where another one is executed within it", async () => {
    const { folder: inner, safe, other } = await rivals();
    const within = await safes.request(safe, { nonce: 1n });
    const outer = await writtenFolder(await other({ to: safe, data: signed(within) }));
    const transaction = await execute(outer.request);
    expect(await useOf(outer)).toMatchObject({ transaction, isOwn: true, action: undefined });
    expect(await useOf(await writtenFolder(within))).toMatchObject({ transaction, isOwn: true });
    expect((await useOf(inner))?.isOwn).toBe(false);
  });

  it("is found by the nonce of the block that it is looked for in", async () => {
    const { folder, safe, other } = await rivals();
    const rival = await writtenFolder(await other({ to: owners[0]!, data: APPROVAL }));
    const transaction = await execute(folder.request);
    // Another one is executed between the question for the newest block and that for the nonce.
    let isAsked = false;
    let isAhead = false;
    await throughNode(
      async ({ method, params }) => {
        isAsked ||= method === "eth_blockNumber";
        const isNonce =
          (params[0] as { data?: string } | undefined)?.data === SAFE.encodeFunctionData("nonce");
        if (!isNonce || !isAsked || isAhead) return undefined;
        isAhead = true;
        await execute(await safes.request(safe));
        return undefined;
      },
      async (provider) => expect(await useOf(rival, provider)).toMatchObject({ transaction, isOwn: false }),
    );
    expect(isAhead).toBe(true);
  });

  it("is found more than a thousand blocks back", async () => {
    const { folder, safe } = await rivals();
    const transaction = await execute(folder.request);
    await safes.provider.send("anvil_mine", ["0x480"]);
    await execute(await safes.request(safe));
    await safes.provider.send("anvil_mine", ["0x10"]);
    expect(await useOf(folder)).toMatchObject({ transaction, isOwn: true });
  });

  it("is not known where the node has no logs, and then nobody is told that it was another one", async () => {
    const { folder } = await rivals();
    await execute(folder.request);
    const mute: Answerer = ({ method }) => (method === "eth_getLogs" ? { result: [] } : undefined);
    await throughNode(mute, async (provider) => {
      expect(await safeProgress(provider, folder)).toEqual({ nonce: 1n, use: undefined });
      await expect(executionCall(provider, folder)).rejects.toMatchObject({
        code: "safe/nonce-used",
        details: { nonce: 0n, next: 1n, transaction: null, isOwn: null },
        why: expect.stringContaining("may have been this one"),
        remedy: expect.not.stringContaining("new folder"),
      });
    });
  });
});

async function throughNode(answer: Answerer, work: (provider: JsonRpcProvider) => Promise<void>) {
  const node = await startOddNode(answer, { behind: safes.url });
  const provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
  try {
    await work(provider);
  } finally {
    provider.destroy();
    await node.stop();
  }
}

describe("a call that executes", () => {
  const signing = async (folder: SafeFolder, ...wallets: (typeof alice)[]) => {
    for (const one of wallets) await addSignature(folder, signTyped(one, folder.request));
  };

  it("is what the Safe takes, with no more signatures than it asks for", async () => {
    const { folder, safe } = await rivals();
    await signing(folder, carol, alice, bob);
    const { target, data } = await executionCall(safes.provider, folder);
    expect(dataLength(SAFE.decodeFunctionData("execTransaction", data).signatures as string)).toBe(130);
    await safes.send({ to: target, data });
    expect((await readSafe(safes.provider, safe)).nonce).toBe(1n);
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({
      code: "safe/nonce-used",
      details: { nonce: 0n, next: 1n, isOwn: true },
      why: expect.stringContaining("this transaction was executed"),
      remedy: "nothing is left to be sent",
    });
  });

  it("is refused where another transaction used the nonce", async () => {
    const { folder, other } = await rivals();
    await signing(folder, alice, bob);
    const transaction = await execute(await other({ to: owners[0]!, data: APPROVAL }));
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({
      code: "safe/nonce-used",
      details: { transaction, isOwn: false },
      why: expect.stringContaining(transaction),
    });
  });

  it("is refused before its turn", async () => {
    const { other } = await rivals();
    const folder = await writtenFolder(await other({ nonce: 2n }));
    await signing(folder, alice, bob);
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({
      code: "safe/not-next",
      details: { nonce: 2n, next: 0n },
    });
  });

  it("is refused with too few, and names who is missing", async () => {
    const { folder } = await rivals();
    await signing(folder, bob);
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({
      code: "safe/too-few-signatures",
      details: { signed: 1, threshold: 2, missing: `${alice.address}, ${carol.address}` },
    });
  });

  it.each([
    [
      "an owner was swapped",
      "swapOwner",
      ["0x0000000000000000000000000000000000000001", owners[0], key(7).address],
    ],
    ["the threshold rose", "changeThreshold", [3]],
    ["the threshold fell", "changeThreshold", [1]],
  ])("is refused where %s since", async (_, name, values) => {
    const { safe, other } = await rivals();
    const folder = await writtenFolder(await other({ nonce: 1n }));
    await signing(folder, alice, bob);
    const data = safeInterface("1.5.0").encodeFunctionData(name, values);
    await execute(await other({ to: safe, data }));
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({ code: "safe/other-owners" });
  });

  it("is refused where the Safe is of another release since", async () => {
    const { safe, folder } = await rivals();
    await signing(folder, alice, bob);
    const { singleton } = safes.contracts["1.4.1"];
    // The singleton stands in the proxy's first slot.
    await safes.provider.send("anvil_setStorageAt", [safe, toBeHex(0, 32), zeroPadValue(singleton, 32)]);
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({
      code: "safe/other-owners",
      details: { version: "1.4.1" },
    });
  });

  it("is not made of a folder that says more owners than there are", async () => {
    const { safe } = await rivals();
    const account = await readSafe(safes.provider, safe);
    const { transaction } = await safes.request(safe);
    const folder = await writtenFolder(safeRequest({ ...account, threshold: 1 }, transaction));
    await signing(folder, alice);
    await expect(executionCall(safes.provider, folder)).rejects.toMatchObject({ code: "safe/other-owners" });
  });
});
