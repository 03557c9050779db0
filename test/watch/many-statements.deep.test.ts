import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTo, TimelockClient } from "../../src/chain/index.js";
import { readLane } from "../../src/watch/index.js";
import { startOddNode } from "../chain/odd-node.js";
import { type AcceptingLane, acceptingLane } from "./accepting-lane.js";

const COMMITMENTS = Array.from({ length: 500 }, (_, index) => BigInt(1000 + index));

let lane: AcceptingLane;
beforeAll(async () => {
  lane = await acceptingLane();
  await lane.scheduleMany(COMMITMENTS, await lane.openProxy());
  await lane.veto(1250n);
}, 120_000);
afterAll(() => lane.stop());

describe("a lane of 500 statements", () => {
  it("is read in at most 20 requests, each statement as the contract has it", async () => {
    const node = await startOddNode(() => undefined, { behind: lane.anvil.url });
    // Unlike other providers it puts one question into each request, so that questions are requests.
    const provider = await connectTo(node.url, 31337n);
    try {
      const timelock = await TimelockClient.at(lane.timelock.address, provider);
      const { statements } = await readLane(timelock, { fromBlock: lane.block });
      // The chain's id twice, a block twice, logs, and the views in chunks.
      expect(node.asked.length).toBeLessThanOrEqual(20);
      expect(node.asked.filter(({ method }) => method === "eth_call").length).toBeGreaterThan(1);
      expect(statements.map(({ commitment }) => commitment)).toEqual(COMMITMENTS.toReversed());
      for (const { commitment, state } of statements)
        expect(state).toBe(commitment === 1250n ? "vetoed" : "scheduled");
      for (const some of [1000n, 1250n, 1499n])
        expect(await lane.timelock.state(some)).toBe(some === 1250n ? "vetoed" : "scheduled");
    } finally {
      provider.destroy();
      await node.stop();
    }
  });

  it("is read from a node that gives the logs of 10 blocks at a time", async () => {
    const node = await startOddNode(
      ({ method, params }) => {
        if (method !== "eth_getLogs") return undefined;
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
        if (Number(toBlock) - Number(fromBlock) < 10) return undefined;
        return { error: { code: -32005, message: "query exceeds the limit of 10 blocks" } };
      },
      { behind: lane.anvil.url },
    );
    const provider = await connectTo(node.url, 31337n);
    try {
      await lane.mine(30);
      const timelock = await TimelockClient.at(lane.timelock.address, provider);
      const { statements } = await readLane(timelock, { fromBlock: lane.block });
      expect(statements).toHaveLength(500);
    } finally {
      provider.destroy();
      await node.stop();
    }
  });
});
