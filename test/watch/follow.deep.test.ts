import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { providerOf, TimelockClient } from "../../src/chain/index.js";
import { fullHex } from "../../src/terminal/index.js";
import { followLane, type LaneCursor, newCursor, withCursor } from "../../src/watch/index.js";
import { type Answerer, startOddNode } from "../chain/odd-node.js";
import { temporaryFolder } from "../project/projects.js";
import { type AcceptingLane, acceptingLane } from "./accepting-lane.js";

let lane: AcceptingLane;
let proxy: string;
beforeAll(async () => {
  lane = await acceptingLane();
  proxy = await lane.openProxy();
}, 120_000);
afterAll(() => lane.stop());

const fromNow = () => newCursor(lane.timelock, { fromBlock: "now" });

/** Everything that is new, by name and commitment, taken-back events after a minus, and where to go on. */
async function follow(
  cursor: LaneCursor,
  options: { confirmations?: number; timelock?: TimelockClient } = {},
) {
  const { timelock = lane.timelock, ...rest } = options;
  const told: string[] = [];
  let [at, isBehind] = [cursor, false];
  for await (const step of followLane(timelock, { cursor, once: true, ...rest })) {
    at = step.cursor;
    isBehind = step.isBehind;
    if (step.event === null) continue;
    const { name, values, takenBack } = step.event;
    told.push(
      `${takenBack ? "-" : ""}${name.replace("Statement", "")} ${BigInt(String(values.commitment ?? 0))}`,
    );
  }
  return { told, cursor: at, isBehind };
}

/** The timelock behind a node that answers otherwise. */
async function through<T>(answer: Answerer, work: (timelock: TimelockClient) => Promise<T>): Promise<T> {
  const node = await startOddNode(answer, { behind: lane.anvil.url });
  const provider = providerOf(node.url);
  try {
    return await work(await TimelockClient.at(lane.timelock.address, provider));
  } finally {
    provider.destroy();
    await node.stop();
  }
}

describe("events of a lane", () => {
  it("are given from the first block on, in order, with values as JSON, and each once", async () => {
    const begin = await newCursor(lane.timelock, { fromBlock: lane.block });
    await lane.schedule({ commitment: 1n, proxy });
    const names: string[] = [];
    let cursor = begin;
    for await (const step of followLane(lane.timelock, { cursor: begin, once: true })) {
      cursor = step.cursor;
      if (step.event === null) continue;
      names.push(step.event.name);
      const { hash, timestamp } = (await lane.provider.getBlock(step.event.block))!;
      expect(step.event).toMatchObject({ blockHash: hash, time: timestamp, takenBack: false });
      expect(JSON.parse(JSON.stringify(step.event))).toEqual(step.event);
      if (step.event.name !== "StatementScheduled") continue;
      expect(step.event.values).toMatchObject({
        commitment: fullHex(1n),
        proxy,
        validUntil: expect.any(String),
      });
      expect(step.event.values.signals).toHaveLength(7);
    }
    for (const name of ["RoleGranted", "VerifierSet", "PolicySet", "BaselineSet", "CallExecuted"])
      expect(names).toContain(name);
    expect(names.at(-1)).toBe("StatementScheduled");
    expect((await follow(cursor)).told).toEqual([]);
    await lane.veto(1n);
    const next = await follow(cursor);
    expect(next.told).toEqual(["Vetoed 1"]);
    expect((await follow(next.cursor)).told).toEqual([]);
  });

  it("go on after a stop at any event: no gap, and none twice", async () => {
    const begin = await fromNow();
    for (const commitment of [10n, 11n, 12n]) await lane.schedule({ commitment, proxy });
    const all = ["Scheduled 10", "Scheduled 11", "Scheduled 12"];
    for (const stop of [1, 2, 3]) {
      let [cursor, count] = [begin, 0];
      for await (const step of followLane(lane.timelock, { cursor: begin, once: true })) {
        cursor = step.cursor;
        if (++count === stop) break;
      }
      expect((await follow(cursor)).told).toEqual(all.slice(stop));
    }
  });

  it("wait for confirmations, and are given once these are there", async () => {
    const begin = await fromNow();
    await lane.schedule({ commitment: 20n, proxy });
    const early = await follow(begin, { confirmations: 3 });
    expect(early.told).toEqual([]);
    await lane.mine(2);
    expect((await follow(early.cursor, { confirmations: 3 })).told).toEqual([]);
    await lane.mine(1);
    expect((await follow(early.cursor, { confirmations: 3 })).told).toEqual(["Scheduled 20"]);
    const far = await follow(await newCursor(lane.timelock, { fromBlock: 0 }), { confirmations: 1_000_000 });
    expect(far.told).toEqual([]);
  });

  it("are given late where the node left them out at first, and no event is lost", async () => {
    const { cursor: begin } = await follow(await fromNow());
    await lane.schedule({ commitment: 23n, proxy });
    const lagging: Answerer = ({ method }) => (method === "eth_getLogs" ? { result: [] } : undefined);
    const first = await through(lagging, (timelock) => follow(begin, { timelock }));
    expect(first.told).toEqual([]);
    await lane.schedule({ commitment: 24n, proxy });
    expect((await follow(first.cursor)).told).toEqual(["Scheduled 23", "Scheduled 24"]);
  });

  it("end between two events when they are told to", async () => {
    const begin = await fromNow();
    await lane.schedule({ commitment: 25n, proxy });
    await lane.schedule({ commitment: 26n, proxy });
    const stopping = new AbortController();
    const told: unknown[] = [];
    for await (const { event } of followLane(lane.timelock, { cursor: begin, signal: stopping.signal })) {
      told.push(event?.values.commitment);
      stopping.abort();
    }
    expect(told).toEqual([fullHex(25n)]);
  });

  it("are read from a node that limits logs to 1,000 blocks", async () => {
    const begin = await fromNow();
    await lane.schedule({ commitment: 27n, proxy });
    await lane.mine(2500);
    await lane.schedule({ commitment: 28n, proxy });
    const limited: Answerer = ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
      if (Number(toBlock) - Number(fromBlock) < 1000) return undefined;
      return { error: { code: -32000, message: "block range is too large" } };
    };
    await through(limited, async (timelock) =>
      expect((await follow(begin, { timelock })).told).toEqual(["Scheduled 27", "Scheduled 28"]),
    );
  });
});

describe("a reorganisation", () => {
  const revertTo = (snapshot: string) => lane.provider.send("evm_revert", [snapshot]);
  const snapshot = (): Promise<string> => lane.provider.send("evm_snapshot", []);
  /** A block that is like no other. */
  const otherBlock = () => lane.later(7);

  it("takes back what it replaced, the newest first, and then gives what happened instead", async () => {
    await lane.schedule({ commitment: 30n, proxy });
    await otherBlock();
    const { cursor: before } = await follow(await fromNow());
    const fork = await snapshot();
    await lane.schedule({ commitment: 31n, proxy });
    await lane.veto(30n);
    const first = await follow(before);
    expect(first.told).toEqual(["Scheduled 31", "Vetoed 30"]);
    await revertTo(fork);
    await otherBlock();
    await lane.schedule({ commitment: 32n, proxy });
    await otherBlock();
    const second = await follow(first.cursor);
    expect(second.told).toEqual(["-Vetoed 30", "-Scheduled 31", "Scheduled 32"]);
    expect((await follow(second.cursor)).told).toEqual([]);

    // Stopped in its midst: the rest, and none of it twice.
    for (const stop of [1, 2, 3]) {
      let [cursor, count] = [first.cursor, 0];
      for await (const step of followLane(lane.timelock, { cursor: first.cursor, once: true })) {
        cursor = step.cursor;
        if (++count === stop) break;
      }
      expect((await follow(cursor)).told).toEqual(second.told.slice(stop));
    }
  });

  it("of blocks that had no event brings what is in those that replaced them", async () => {
    const { cursor: before } = await follow(await fromNow());
    const fork = await snapshot();
    await lane.mine(3);
    const read = await follow(before);
    await revertTo(fork);
    await otherBlock();
    await lane.schedule({ commitment: 35n, proxy });
    await lane.mine(3);
    expect((await follow(read.cursor)).told).toEqual(["Scheduled 35"]);
  });

  it("with the same transaction in another block is told: taken back, and given again", async () => {
    const { cursor: before } = await follow(await fromNow());
    const fork = await snapshot();
    await lane.schedule({ commitment: 36n, proxy });
    const read = await follow(before);
    await revertTo(fork);
    await otherBlock();
    await lane.schedule({ commitment: 36n, proxy });
    expect((await follow(read.cursor)).told).toEqual(["-Scheduled 36", "Scheduled 36"]);
  });

  it("is not what an old head is: nothing is told until the node has caught up", async () => {
    await lane.schedule({ commitment: 40n, proxy });
    const { cursor } = await follow(await newCursor(lane.timelock, { fromBlock: lane.block }));
    const old = `0x${((await lane.provider.getBlockNumber()) - 2).toString(16)}`;
    const behind: Answerer = async ({ method, params }) => {
      if (method !== "eth_getBlockByNumber") return undefined;
      if (params[0] !== "latest" && BigInt(String(params[0])) > BigInt(old)) return { result: null };
      const result = await lane.provider.send(method, [params[0] === "latest" ? old : params[0], false]);
      return { result };
    };
    await through(behind, async (timelock) => {
      expect(await follow(cursor, { timelock })).toMatchObject({ told: [], isBehind: true, cursor });
    });
    expect((await follow(cursor)).isBehind).toBe(false);
  });

  it("is not what a node does that leaves out a log: that is refused", async () => {
    const begin = await fromNow();
    await lane.schedule({ commitment: 41n, proxy });
    let cursor = begin;
    for await (const step of followLane(lane.timelock, { cursor: begin, once: true })) {
      cursor = step.cursor;
      break;
    }
    const forgetful: Answerer = ({ method }) => (method === "eth_getLogs" ? { result: [] } : undefined);
    await through(forgetful, async (timelock) => {
      await expect(follow(cursor, { timelock })).rejects.toMatchObject({ code: "chain/missing-logs" });
    });
  });

  it("that goes on while the chain is read is waited for, and refused where it does not end", async () => {
    const begin = await fromNow();
    await lane.schedule({ commitment: 42n, proxy });
    let replaced = 1;
    const moving: Answerer = async ({ method, params }, pass) => {
      if (method !== "eth_getBlockByNumber" || params[0] === "latest" || replaced-- <= 0) return undefined;
      const { result } = (await pass()) as { result: object };
      return { result: { ...result, hash: `0x${"77".repeat(32)}` } };
    };
    await through(moving, async (timelock) => {
      expect((await follow(begin, { timelock })).told).toEqual(["Scheduled 42"]);
      replaced = Number.POSITIVE_INFINITY;
      await expect(follow(begin, { timelock })).rejects.toMatchObject({ code: "chain/moving-head" });
    });
  });

  it("deeper than the cursor remembers is refused, and one that it remembers is not", async () => {
    const fork = await snapshot();
    await lane.schedule({ commitment: 50n, proxy });
    const begin = await newCursor(lane.timelock, { fromBlock: lane.block });
    await lane.mine(140);
    const deep = await follow(begin);
    expect(deep.cursor.blocks).toHaveLength(2);
    const shallow = await snapshot();
    await lane.schedule({ commitment: 51n, proxy });
    const read = await follow(deep.cursor);
    await revertTo(shallow);
    await otherBlock();
    expect((await follow(read.cursor)).told).toEqual(["-Scheduled 51"]);
    await revertTo(fork);
    await otherBlock();
    await lane.mine(150);
    await expect(follow(read.cursor)).rejects.toMatchObject({ code: "chain/deep-reorganisation" });
  });
});

describe("a cursor", () => {
  it("is kept in a folder of its owner, by one watch at a time, and read as it was written", async () => {
    const folder = join(temporaryFolder(), "cursor");
    await lane.schedule({ commitment: 60n, proxy });
    const { cursor } = await follow(await newCursor(lane.timelock, { fromBlock: lane.block }));
    expect(cursor.given.length).toBeGreaterThan(0);
    await withCursor(folder, async (file) => {
      expect(await file.read()).toBeUndefined();
      await file.write(cursor);
      expect(await file.read()).toEqual(cursor);
      await expect(withCursor(folder, async () => {})).rejects.toMatchObject({ code: "state/locked" });
    });
    const path = join(folder, "cursor.json");
    const text = readFileSync(path, "utf8");
    for (const wrong of ["", text.slice(0, -20), text.replace("cursor/1", "cursor/2"), text + text]) {
      writeFileSync(path, wrong);
      await expect(withCursor(folder, (file) => file.read())).rejects.toMatchObject({
        code: "state/malformed-cursor",
      });
    }
  });

  it("of another timelock or chain is refused", async () => {
    const cursor = await fromNow();
    const others = [
      { ...cursor, chainId: 1n },
      { ...cursor, timelock: proxy },
    ];
    for (const other of others)
      await expect(follow(other)).rejects.toMatchObject({ code: "state/other-cursor" });
    const elsewhere: Answerer = ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
    await through(elsewhere, async (timelock) => {
      await expect(follow(cursor, { timelock })).rejects.toMatchObject({ code: "state/other-cursor" });
    });
  });
});
