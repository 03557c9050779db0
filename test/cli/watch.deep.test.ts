import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../../src/cli/watch/run-command.js";
import { watch } from "../../src/cli/watch/watch.js";
import { withState } from "../../src/state/index.js";
import { startOddNode } from "../chain/odd-node.js";
import { type AcceptingLane, acceptingLane } from "../watch/accepting-lane.js";
import { printed } from "./sealpatch.js";
import { newWatched } from "./watched.js";

let lane: AcceptingLane;
let proxy: string;
beforeAll(async () => {
  lane = await acceptingLane();
  proxy = await lane.openProxy();
}, 120_000);
afterAll(() => lane.stop());

describe("sealpatch watch that goes on", () => {
  it("stops a command that takes too long, and one that reads nothing does no harm", async () => {
    expect(await runCommand("sleep 30 & sleep 30", "x", 0.2)).toMatch(/more than 0.2 s/);
    expect(await runCommand("true", "x".repeat(1_000_000))).toBeUndefined();
    expect(await runCommand("kill -9 $$", "x")).toMatch(/ended by SIGKILL/);
    expect(await runCommand("no-such-command-of-anybody 2>/dev/null", "x")).toMatch(/ended with 127/);
  });

  it("keeps its cursor where a run that sends does not wait for it, and no second watch uses it", async () => {
    const { folder, config, once } = newWatched(lane, proxy);
    const stopping = new AbortController();
    const options = { config, interval: 1, confirmations: 0 };
    const watching = printed(async () => {
      await watch(options, stopping);
      return 0;
    });
    const cursor = join(folder, ".sealpatch/watch-chain-31337/cursor.json");
    await expect
      .poll(() => existsSync(cursor) && readFileSync(cursor, "utf8").includes('"hash"'), { timeout: 10_000 })
      .toBe(true);
    expect(await withState(folder, async () => "not locked")).toBe("not locked");
    const second = watch({ ...options, once: true }, new AbortController());
    await expect(second).rejects.toMatchObject({ code: "state/locked" });
    stopping.abort();
    expect((await watching).stdout).not.toBe("");
    expect((await once()).stdout).toBe("");
    expect(statSync(join(folder, ".sealpatch")).mode & 0o077).toBe(0);
  });

  it("asks a node again that does not answer, and says so once", async () => {
    let isDown = false;
    const node = await startOddNode(() => (isDown ? "hang up" : undefined), { behind: lane.anvil.url });
    try {
      const { config, lines, once } = newWatched(lane, proxy, node.url);
      await lines("--from-now");
      const stopping = new AbortController();
      const watching = printed(async () => {
        await watch({ config, interval: 1, confirmations: 0 }, stopping);
        return 0;
      });
      await sleep(300);
      isDown = true;
      await lane.schedule({ commitment: 30n, proxy });
      await sleep(2300);
      isDown = false;
      const asked = node.asked.length;
      await expect.poll(() => node.asked.length - asked, { timeout: 10_000 }).toBeGreaterThan(8);
      stopping.abort();
      const { stdout, stderr } = await watching;
      expect(stdout.match(/scheduled/g)).toHaveLength(1);
      expect(stderr.match(/does not answer/g)).toHaveLength(1);
      expect(stderr.match(/the node is well again/g)).toHaveLength(1);
      isDown = true;
      expect(await once("--json")).toMatchObject({ code: 1 });
    } finally {
      await node.stop();
    }
  });
});

/** A watch as a process of its own, and the events that it has told. */
class Watching {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #text = "";

  constructor(config: string) {
    const words = ["watch", "--json", "--interval", "1", "--config", config];
    this.#child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...words], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.#text += text;
    });
    this.#ended = new Promise((resolve) => this.#child.once("close", (code) => resolve(code)));
  }

  /** Ids of whole lines. */
  get ids(): string[] {
    return this.#text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).id);
  }

  async stop(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.#ended;
  }
}

describe("a watch that is stopped", () => {
  let nextCommitment = 100n;
  const told = async (signal: NodeJS.Signals) => {
    const { config, json } = newWatched(lane, proxy);
    const runs: string[][] = [];
    for (let run = 0; run < 3; run++) {
      const watching = new Watching(config);
      // In the midst of its events: their lines come one after the other.
      const wanted = run === 0 ? 5 : 1;
      await expect
        .poll(() => watching.ids.length, { timeout: 60_000, interval: 2 })
        .toBeGreaterThanOrEqual(wanted);
      const code = await watching.stop(signal);
      if (signal !== "SIGKILL") expect(code).toBe(0);
      runs.push(watching.ids);
      await lane.schedule({ commitment: nextCommitment++, proxy });
    }
    runs.push((await json()).map(({ id }) => id));
    const all = (await newWatched(lane, proxy).json()).map(({ id }) => id);
    return { runs, all };
  };

  it.each(["SIGINT", "SIGTERM"] as const)(
    "by %s leaves no gap and repeats nothing",
    async (signal) => {
      const { runs, all } = await told(signal);
      expect(runs.flat()).toEqual(all);
    },
    180_000,
  );

  it("by SIGKILL leaves no gap, and repeats at most the last event of a run", async () => {
    const { runs, all } = await told("SIGKILL");
    const seen = runs.flat().filter((id, index, ids) => id !== ids[index - 1]);
    expect(seen).toEqual(all);
  }, 180_000);
});
