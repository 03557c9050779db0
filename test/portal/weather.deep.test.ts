import { createServer } from "node:http";
import { toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answerer, type OddNode, type Reply, startOddNode } from "../chain/odd-node.js";
import { type AcceptingLane, acceptingLane } from "../watch/accepting-lane.js";
import { closed, fromDisk, listening, type OpenedPage } from "./browser.js";
import { checks, problem, ready, sentence, statements, textOf } from "./page.js";
import { scheduledInBrowser } from "./scheduled.js";

// Nodes and networks that fail, each in its way: the page says which, shows nothing that it did not read, and recovers.

const on = scheduledInBrowser();
const pages: string[] = [];
const nodes: string[] = [];

/** Opens a page that asks one node, without waiting for what it shows; at the chain's time unless the reader's clock is off. */
async function openedFor(url: string, { off = 0, offline = false } = {}): Promise<OpenedPage> {
  const file = fromDisk(await on.stage.page([url]));
  pages.push(file);
  nodes.push(url);
  const now = Number(await on.stage.incident.timelock.now()) + off;
  return on.browser.open(file, {
    context: { offline },
    before: (page) => page.clock.setFixedTime(new Date(now * 1000)),
  });
}

async function behind(
  reply: Answerer,
  look: (opened: OpenedPage, node: OddNode) => Promise<void>,
  options: { cors?: boolean } = {},
) {
  const node = await startOddNode(reply, { behind: on.stage.incident.anvil.url, ...options });
  try {
    const opened = await openedFor(node.url);
    await ready(opened.page);
    expect(opened.errors).toEqual([]);
    await look(opened, node);
    await opened.page.context().close();
  } finally {
    await node.stop();
  }
}

const nothingShown = async ({ page }: OpenedPage) => {
  expect(await statements(page).count()).toBe(0);
  expect(await textOf(page)).not.toMatch(sentence("wordsProven"));
};
const allShown = async ({ page }: OpenedPage) => {
  expect(await problem(page)).toBeUndefined();
  expect((await checks(page)).checkProof).toBe("outcomeHolds");
};

describe("a node", () => {
  it("without a network is said not to answer", async () => {
    const opened = await openedFor(on.stage.incident.anvil.url, { offline: true });
    await ready(opened.page);
    expect((await problem(opened.page))?.name).toBe("problemUnreachable");
    await nothingShown(opened);
  });

  it("that comes back is read then", async () => {
    let isDead = true;
    await behind(
      () => (isDead ? "hang up" : undefined),
      async (opened) => {
        expect((await problem(opened.page))?.name).toBe("problemUnreachable");
        isDead = false;
        await opened.page.getByRole("button", { name: sentence("readAgain") }).click();
        await statements(opened.page).first().waitFor();
        await allShown(opened);
      },
    );
  });

  it("that dies keeps what was read, and says when that was", async () => {
    let isDead = false;
    await behind(
      () => (isDead ? "hang up" : undefined),
      async (opened) => {
        await allShown(opened);
        isDead = true;
        await opened.page.getByRole("button", { name: sentence("readAgain") }).click();
        await opened.page.locator(".problem").waitFor();
        expect(await textOf(opened.page)).toMatch(sentence("stale"));
        expect(await statements(opened.page).count()).toBe(1);
      },
    );
  });

  it("that dies at any one of its calls has nothing shown", async () => {
    let died = 0;
    for (let isWhole = false; !isWhole; ) {
      let count = 0;
      await behind(
        () => (count++ >= died ? "hang up" : undefined),
        async (opened) => {
          // A reading that needs no more calls than were answered is whole.
          isWhole = (await problem(opened.page)) === undefined;
          if (isWhole) return allShown(opened);
          died += 1;
          expect((await problem(opened.page))?.name, `call ${died}`).toBe("problemUnreachable");
          await nothingShown(opened);
        },
      );
    }
    expect(died).toBeGreaterThan(3);
  });

  it.each<[string, Reply]>([
    ["HTML for JSON", { text: "<!doctype html><script>document.documentElement.dataset.owned=1</script>" }],
    ["nothing for JSON", { text: "" }],
    ["a result of another kind", { result: { not: "what was asked" } }],
  ])("that answers with %s is said to", async (_, reply) => {
    await behind(
      () => reply,
      async (opened) => {
        expect((await problem(opened.page))?.name).toBe("problemMalformed");
        await nothingShown(opened);
      },
    );
  });

  /** A node that answers one request for logs late. @returns how often it did. */
  async function late(seconds: number, look: (opened: OpenedPage) => Promise<void>): Promise<number> {
    let waited = 0;
    await behind(async ({ method }) => {
      if (method === "eth_getLogs" && waited++ === 0)
        await new Promise((done) => setTimeout(done, seconds * 1000));
      return undefined;
    }, look);
    return waited;
  }

  it("that takes 10 seconds for an answer is waited for", async () => {
    expect(await late(10, allShown)).toBeGreaterThan(0);
  });

  it("that takes longer than 30 seconds for an answer is said not to answer", async () => {
    const waited = await late(32, async (opened) => {
      expect((await problem(opened.page))?.name).toBe("problemUnreachable");
      await nothingShown(opened);
    });
    expect(waited).toBeGreaterThan(0);
  });

  it("that lets no page read its answers is said not to answer", async () => {
    await behind(
      () => undefined,
      async (opened) => {
        expect((await problem(opened.page))?.name).toBe("problemUnreachable");
        await nothingShown(opened);
      },
      { cors: false },
    );
  });

  it.each([
    ["1,000 blocks", 1_000, "eth_getLogs is limited to a 1,000 block range", -32600],
    ["10,000 results", 300, "query returned more than 10000 results", -32005],
    ["a range, in another wording", 20, "block range is too large, please limit it", -32000],
  ])("that limits logs to %s is read in parts", async (_, most, message, code) => {
    const { provider } = on.stage.incident;
    // More blocks than it takes at once.
    if ((await provider.getBlockNumber()) < 2 * most)
      await provider.send("anvil_mine", [toQuantity(2 * most)]);
    let refused = 0;
    await behind(
      ({ method, params }) => {
        if (method !== "eth_getLogs") return undefined;
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
        if (Number(toBlock) - Number(fromBlock) < most) return undefined;
        refused += 1;
        return { error: { code, message } };
      },
      async (opened) => {
        expect(refused).toBeGreaterThan(0);
        await allShown(opened);
      },
    );
  });
});

it("a node that takes no batch is asked one by one", async () => {
  const upstream = on.stage.incident.anvil.url;
  let batches = 0;
  const server = createServer(async (request, response) => {
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (request.method === "OPTIONS") return void response.writeHead(204, headers).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const isBatch = body.trimStart().startsWith("[");
    batches += Number(isBatch);
    const error = { jsonrpc: "2.0", id: null, error: { code: -32600, message: "batches are not taken" } };
    const type = { "content-type": "application/json" };
    const answer = isBatch
      ? JSON.stringify(error)
      : await (await fetch(upstream, { method: "POST", headers: type, body })).text();
    response.writeHead(200, { ...headers, ...type }).end(answer);
  });
  const url = await listening(server);
  try {
    const opened = await openedFor(url);
    await ready(opened.page);
    expect(batches).toBeGreaterThan(0);
    await allShown(opened);
  } finally {
    closed(server);
  }
});

describe("a chain", () => {
  it("that is taken back while the page is open takes back what it showed", async () => {
    await on.stage.incident.onSnapshot(async () => {
      const snapshot = await on.stage.incident.provider.send("evm_snapshot", []);
      const { commitment } = on.stage.incident.scheduling;
      await on.stage.guardian.veto({ commitment, reason: "to be taken back" });
      const opened = await openedFor(on.stage.incident.anvil.url);
      await ready(opened.page);
      expect(await textOf(opened.page)).toMatch(sentence("vetoed"));
      await on.stage.incident.provider.send("evm_revert", [snapshot]);
      await on.stage.later(1);
      await opened.page.getByRole("button", { name: sentence("readAgain") }).click();
      await statements(opened.page)
        .filter({ hasText: sentence("stateScheduledWord") })
        .waitFor();
      expect(await textOf(opened.page)).not.toMatch(sentence("vetoed"));
    });
  });

  it("whose newest block is taken back while it is read is read again", async () => {
    let changed = false;
    // Not the block of the schedule.
    await on.stage.later(1);
    await behind(
      async ({ method }) => {
        if (method !== "eth_getLogs" || changed) return undefined;
        changed = true;
        await on.stage.incident.provider.send("anvil_reorg", [{ depth: 1, tx_block_pairs: [] }]);
        return undefined;
      },
      async (opened) => {
        expect(changed).toBe(true);
        await allShown(opened);
        expect(await statements(opened.page).count()).toBe(1);
      },
    );
    expect(await on.stage.incident.timelock.state(on.stage.incident.scheduling.commitment)).toBe("scheduled");
  });
});

describe("a reader", () => {
  it("whose clock is 10 minutes off is told", async () => {
    const { page } = await openedFor(on.stage.incident.anvil.url, { off: -600 });
    await ready(page);
    expect(await textOf(page)).toMatch(sentence("clockApart"));
    const right = await openedFor(on.stage.incident.anvil.url);
    await ready(right.page);
    expect(await textOf(right.page)).not.toMatch(sentence("clockApart"));
  });

  it("who comes back to a sleeping tab sees the chain as it is then", async () => {
    await on.stage.incident.onSnapshot(async () => {
      const file = fromDisk(await on.stage.page([on.stage.incident.anvil.url]));
      pages.push(file);
      nodes.push(on.stage.incident.anvil.url);
      const now = Number(await on.stage.incident.timelock.now());
      const { page } = await on.browser.open(file, {
        before: (page) => page.clock.install({ time: new Date(now * 1000) }),
      });
      await page.clock.runFor(5_000);
      await ready(page);
      expect(await textOf(page)).toMatch(sentence("executableIn"));
      await on.stage.later(4 * 3600 + 1);
      // Timers that slept run once each, as in a tab that was in the background.
      await page.clock.fastForward("04:00:01");
      await page
        .locator("article")
        .filter({ hasText: sentence("windowOpen") })
        .waitFor({ timeout: 60_000 });
    });
  });
});

describe("a lane of 500 statements", () => {
  let many: AcceptingLane;
  beforeAll(async () => {
    many = await acceptingLane();
    const proxy = await many.openProxy();
    await many.scheduleMany(
      Array.from({ length: 500 }, (_, index) => BigInt(1000 + index)),
      proxy,
    );
  }, 120_000);
  afterAll(() => many?.stop());

  it("is shown, and of none is said that it is proven", async () => {
    const file = fromDisk(
      await on.stage.page([many.anvil.url], (data) => ({
        ...data,
        chains: data.chains.map((chain) => ({
          ...chain,
          timelock: many.timelock.address,
          fromBlock: many.block,
          proxies: {},
        })),
      })),
    );
    pages.push(file);
    nodes.push(many.anvil.url);
    const { page, errors } = await on.browser.open(file);
    await ready(page);
    expect(await statements(page).count()).toBe(500);
    expect(await textOf(page)).not.toMatch(sentence("wordsProven"));
    expect(errors).toEqual([]);
  });
});

it("no request of these tests left for anything but the files and their nodes", () => {
  expect(on.browser.requested.length).toBeGreaterThan(20);
  expect(on.browser.strangers(pages, nodes)).toEqual([]);
});
