import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PortalFigures } from "../../tools/bench/portal.js";
import { acceptingLane } from "../watch/accepting-lane.js";
import { fromDisk, type OpenedPage, PageBrowser } from "./browser.js";
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
    const runs: Timing[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await timing(browser, fromDisk(file)));
    const { firstContent, longTasks } = runs.toSorted((a, b) => a.firstContent - b.firstContent)[RUNS >> 1]!;
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
    return { bytes: (await stat(file)).size, firstContent, longTasks, requests: asked.length };
  } finally {
    await many.stop();
    await stage.stop();
    await browser.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Timing = Pick<PortalFigures, "firstContent" | "longTasks">;

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
