import { JsonRpcProvider, type JsonRpcSigner, type Signer, Wallet, ZeroAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  deployTimelock,
  deployVerifier,
  type SendTransaction,
  TimelockClient,
} from "../../src/chain/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type DrillSafe, deploySafes } from "../../src/drill/safe.js";
import { sendThroughSafe } from "../../src/safe/index.js";
import { BOUNDS } from "../chain/bounds.js";
import { startOddNode } from "../chain/odd-node.js";

let anvil: Anvil;
let provider: JsonRpcProvider;
let relay: JsonRpcSigner;
let guardian: DrillSafe;
let stranger: DrillSafe;
let timelock: TimelockClient;

beforeAll(async () => {
  anvil = await startAnvil();
  provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  relay = await provider.getSigner(0);
  [guardian, stranger] = (await deploySafes(relay, [
    { owners: 5, threshold: 3 },
    { owners: 1, threshold: 1 },
  ])) as [DrillSafe, DrillSafe];
  const lane = await deployTimelock(relay, {
    minDelay: 1,
    roles: {
      proposers: [],
      executors: [],
      council: [],
      guardians: [guardian.address],
      admin: ZeroAddress,
    },
    verifier: await (await deployVerifier(relay)).getAddress(),
    bounds: BOUNDS,
  });
  timelock = await TimelockClient.at(await lane.getAddress(), relay);
});

afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
});

const throughGuardian = (owners: readonly Signer[]) =>
  sendThroughSafe({ safe: guardian.address, owners, relay });
const halt = (send: SendTransaction) => timelock.through(send).halt("test");
const onSnapshot = async (work: () => Promise<void>): Promise<void> => {
  const snapshot = await provider.send("evm_snapshot", []);
  await work();
  await provider.send("evm_revert", [snapshot]);
};

describe("sending through a Safe", () => {
  it("acts as the Safe, whichever owners sign, in any order, again and again", () =>
    onSnapshot(async () => {
      const [a, b, c, d] = guardian.owners;
      await halt(throughGuardian([a!, b!, c!]));
      const selection = throughGuardian([d!, b!, a!, b!]);
      // The lane is halted already: the timelock's answer comes through the Safe.
      await expect(halt(selection)).rejects.toMatchObject({
        code: "chain/reverted",
        details: { error: "FastTrackAlreadyHalted" },
      });
    }));

  it("refuses too few owners, and one who signs twice is one", async () => {
    const [a, b] = guardian.owners;
    await expect(halt(throughGuardian([a!, b!, a!]))).rejects.toMatchObject({
      code: "chain/too-few-owners",
      details: { threshold: 3n, signers: 2 },
    });
  });

  it("refuses a signer who is no owner", async () => {
    const other = Wallet.createRandom(provider);
    const signers = [...guardian.owners.slice(0, 3), other];
    await expect(halt(throughGuardian(signers))).rejects.toMatchObject({
      code: "chain/not-an-owner",
      details: { signer: other.address },
    });
  });

  it("refuses an address where no Safe is", async () => {
    await expect(
      halt(sendThroughSafe({ safe: relay.address, owners: guardian.owners, relay })),
    ).rejects.toMatchObject({
      code: "chain/not-a-safe",
    });
  });

  it("does not take a node that refuses the question for an address without a Safe", async () => {
    const refusals = [
      { code: -32601, message: "the method eth_call does not exist/is not available" },
      { code: -32005, message: "rate limited" },
    ];
    for (const [index, code] of (["chain/unsupported-method", "chain/rejected"] as const).entries()) {
      const node = await startOddNode(
        ({ method }) => (method === "eth_call" ? { error: refusals[index]! } : undefined),
        { behind: anvil.url },
      );
      const behind = new JsonRpcProvider(node.url);
      const { address: safe, owners } = guardian;
      const send = sendThroughSafe({ safe, owners, relay: await behind.getSigner(0) });
      await expect(send({ to: safe, data: "0x" })).rejects.toMatchObject({ code });
      behind.destroy();
      await node.stop();
    }
  });

  it("gives a Safe no right that it does not hold", async () => {
    await expect(halt(stranger.send)).rejects.toMatchObject({ code: "chain/reverted" });
  });
});
