import { JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TimelockClient } from "../../src/chain/index.js";
import { checkSafeFolder, plainCall, readSafe, SAFE, safeRequest } from "../../src/safe/index.js";
import { type Answerer, startOddNode } from "../chain/odd-node.js";
import { writtenFolder } from "./folders.js";
import { key, type RealSafes, startRealSafes } from "./real-safes.js";
import { calls, TIMELOCK } from "./samples.js";

// A node far away takes a tenth of a second for an answer: what does not need another answer is asked beside it.

let safes: RealSafes;

beforeAll(async () => {
  safes = await startRealSafes();
});

afterAll(() => safes?.stop());

async function through<T>(answer: Answerer, work: (provider: JsonRpcProvider) => Promise<T>): Promise<T> {
  const node = await startOddNode(answer, { behind: safes.url });
  const provider = new JsonRpcProvider(node.url, 31_337, { staticNetwork: true, batchMaxCount: 1 });
  try {
    return await work(provider);
  } finally {
    provider.destroy();
    await node.stop();
  }
}

/** A promise, and what settles it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

it("owners are asked about eight at a time", async () => {
  const owners = Array.from({ length: 10 }, (_, place) => key(place).address);
  const safe = await safes.deploy({ version: "1.4.1", owners, threshold: 1 });
  const { opened, open } = gate();
  let waiting = 0;
  let most = 0;
  const slow: Answerer = async ({ method }, pass) => {
    if (method !== "eth_getCode") return undefined;
    most = Math.max(most, ++waiting);
    // A ninth would come before the others are answered.
    if (waiting === 8) setTimeout(open, 100);
    await opened;
    waiting--;
    return pass();
  };
  const account = await through(slow, (provider) => readSafe(provider, safe));
  expect(account).toEqual(await readSafe(safes.provider, safe));
  expect(most).toBe(8);
});

it("a folder's questions do not wait for each other", async () => {
  const safe = await safes.deploy({ version: "1.4.1", owners: [key(1).address], threshold: 1 });
  const account = await readSafe(safes.provider, safe);
  const call = plainCall({ to: TIMELOCK, data: calls().halt, nonce: account.nonce });
  const folder = await writtenFolder(safeRequest(account, call));
  const { selector } = SAFE.getFunction("getTransactionHash")!;
  const approved = SAFE.getFunction("approvedHashes")!.selector;
  const missing = new Set(["eth_chainId", selector, approved]);
  const { opened, open } = gate();
  const slow: Answerer = async ({ method, params }, pass) => {
    const { data = "" } = (params[0] ?? {}) as { data?: string };
    missing.delete(method);
    missing.delete(data.slice(0, 10));
    // Nothing is answered before all of these are asked.
    if (missing.size === 0) open();
    await opened;
    return pass();
  };
  const { checks } = await through(slow, async (provider) =>
    checkSafeFolder(folder, { client: await TimelockClient.at(TIMELOCK, provider) }),
  );
  const outcome = (line: string) => checks.find(({ name }) => name === line)?.outcome;
  expect(outcome("the Safe is as the folder says")).toBe("holds");
  expect(outcome("the Safe computes the same hash")).toBe("holds");
});
