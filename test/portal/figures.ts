import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PortalFigures } from "../../tools/bench/portal.js";
import { acceptingLane } from "../watch/accepting-lane.js";
import { fromDisk, type OpenedPage, PageBrowser } from "./browser.js";
import { largestPolicy } from "./largest-policy.js";
import { ready } from "./page.js";
import { portalStage } from "./stage.js";

const RUNS = 5;
const STATEMENTS = 20;

/** Measures the page in Chromium: it is built, opened from disk and reads chains of anvil. */
async function measurePortal(): Promise<PortalFigures> {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-bench-portal-"));
  const browser = await PageBrowser.start();
  const stage = await portalStage(folder);
  const many = await acceptingLane();
  try {
    await stage.schedule();
    const file = await stage.page([stage.incident.anvil.url]);
    const largest = await stage.page([stage.incident.anvil.url], (data) => ({
      ...data,
      policies: [
        largestPolicy(
          data.chains.flatMap(({ name: chain, proxies }) =>
            Object.values(proxies).map((proxy) => ({ chain, proxy })),
          ),
        ),
      ],
    }));
    const runs: Timing[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await timing(browser, fromDisk(largest)));
    const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
    const commitments = Array.from({ length: STATEMENTS }, (_, index) => BigInt(1000 + index));
    await many.scheduleMany(commitments, await many.openProxy());
    const lane = await stage.page([many.anvil.url], (data) => ({
      ...data,
      chains: data.chains.map((chain) => ({
        ...chain,
        timelock: many.timelock.address,
        fromBlock: many.block,
        proxies: {},
      })),
    }));
    const before = browser.requested.length;
    await timing(browser, fromDisk(lane));
    const asked = browser.requested.slice(before).filter(({ method }) => method === "POST");
    return {
      bytes: (await stat(file)).size,
      largestBytes: (await stat(largest)).size,
      firstContent: median(runs.map(({ firstContent }) => firstContent)),
      proofTask: median(runs.map(({ longTasks: [longest = 0] }) => longest)),
      nextTask: median(runs.map(({ longTasks: [, next = 0] }) => next)),
      requests: asked.length,
    };
  } finally {
    await many.stop();
    await stage.stop();
    await browser.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Timing {
  readonly firstContent: number;
  /** Milliseconds of the tasks over 50 ms, the longest first: of a page with one proof, that one. */
  readonly longTasks: readonly number[];
}

async function timing(browser: PageBrowser, url: string): Promise<Timing> {
  const { page }: OpenedPage = await browser.open(url, {
    before: async (page) => {
      await page.addInitScript(() => {
        const tasks: number[] = [];
        Object.assign(globalThis, { tasks });
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) tasks.push(duration);
        }).observe({ type: "longtask", buffered: true });
      });
    },
  });
  await ready(page);
  const found = await page.evaluate(() => ({
    firstContent: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
    longTasks: (globalThis as unknown as { tasks: number[] }).tasks.toSorted((a, b) => b - a),
  }));
  await page.context().close();
  return found;
}

// Started by itself (tools/bench/portal.ts).
console.log(JSON.stringify(await measurePortal()));
