import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { providerOf, TimelockClient } from "../../src/chain/index.js";
import { readLane } from "../../src/watch/index.js";
import { startOddNode } from "../chain/odd-node.js";
import { type AcceptingLane, acceptingLane, DELAY } from "./accepting-lane.js";

let lane: AcceptingLane;
let proxy: string;
beforeAll(async () => {
  lane = await acceptingLane();
  proxy = await lane.openProxy();
}, 120_000);
afterAll(() => lane.stop());

const snapshot = <T>(work: () => Promise<T>) => lane.onSnapshot(work);
const read = () => readLane(lane.timelock, { fromBlock: lane.block });

describe("a lane that an odd node tells of", () => {
  it("is refused where logs are missing that made a nonce, a statement, a due disclosure, the verifier or a halt", () =>
    snapshot(async () => {
      await lane.schedule({ commitment: 50n, proxy });
      await lane.later(DELAY);
      await lane.execute(50n);
      await lane.halt();
      const topic = (name: string) => lane.timelock.interface.getEvent(name)!.topicHash;
      let isHidden = (_: { topics: string[] }): boolean => false;
      const node = await startOddNode(
        async ({ method }, pass) => {
          if (method !== "eth_getLogs") return undefined;
          const { result } = (await pass()) as { result: { topics: string[] }[] };
          return { result: result.filter((log) => !isHidden(log)) };
        },
        { behind: lane.anvil.url },
      );
      const provider = providerOf(node.url);
      try {
        const timelock = await TimelockClient.at(lane.timelock.address, provider);
        expect(await readLane(timelock, { fromBlock: lane.block })).toEqual(await read());
        const expectRefused = async (name: string) => {
          isHidden = ({ topics }) => topics[0] === topic(name);
          await expect(readLane(timelock, { fromBlock: lane.block }), name).rejects.toMatchObject({
            code: "chain/missing-logs",
          });
        };
        const names = ["BaselineSet", "StatementExecuted", "StatementScheduled", "VerifierSet", "LaneHalted"];
        for (const name of names) await expectRefused(name);
        // A proxy of which no log tells, not even that it has a policy.
        const of = `0x${"00".repeat(12)}${proxy.slice(2).toLowerCase()}`;
        isHidden = ({ topics }) => topics.includes(of);
        await expect(readLane(timelock, { fromBlock: lane.block })).rejects.toMatchObject({
          code: "chain/missing-logs",
          why: expect.stringContaining("a disclosure is due"),
        });
        await lane.disclose(50n);
        await expectRefused("StatementScheduled");
        await lane.govern(lane.call("setVerifier", await lane.newVerifier()));
        let verifiers = 0;
        isHidden = ({ topics }) => topics[0] === topic("VerifierSet") && ++verifiers === 2;
        await expect(readLane(timelock, { fromBlock: lane.block })).rejects.toMatchObject({
          code: "chain/missing-logs",
          why: expect.stringContaining("verifier"),
        });
      } finally {
        provider.destroy();
        await node.stop();
      }
      await expect(readLane(lane.timelock, { fromBlock: lane.block + 1 })).rejects.toMatchObject({
        code: "chain/missing-logs",
      });
    }));

  it("is read again where the newest block is replaced meanwhile, and refused where that does not end", async () => {
    let replaced = 1;
    let asked = 0;
    const node = await startOddNode(
      async ({ method, params }, pass) => {
        if (method === "eth_getBlockByNumber" && params[0] === "latest") asked++;
        if (method !== "eth_getBlockByNumber" || params[0] === "latest" || replaced-- <= 0) return undefined;
        const { result } = (await pass()) as { result: object };
        return { result: { ...result, hash: `0x${"77".repeat(32)}` } };
      },
      { behind: lane.anvil.url },
    );
    const provider = providerOf(node.url);
    try {
      const timelock = await TimelockClient.at(lane.timelock.address, provider);
      await readLane(timelock, { fromBlock: lane.block });
      expect(asked).toBe(2);
      replaced = Number.POSITIVE_INFINITY;
      await expect(readLane(timelock, { fromBlock: lane.block })).rejects.toMatchObject({
        code: "chain/moving-head",
      });
    } finally {
      provider.destroy();
      await node.stop();
    }
  });
});
