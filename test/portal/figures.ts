import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { LARGEST_FILE } from "../../src/portal/page/shown.js";
import type { PortalFigures } from "../../tools/bench/portal.js";
import { acceptingLane } from "../watch/accepting-lane.js";
import { fromDisk, type OpenedPage, PageBrowser } from "./browser.js";
import { largestPolicy } from "./largest-policy.js";
import { ready, sentence } from "./page.js";
import { portalStage } from "./stage.js";

const RUNS = 5;
const STATEMENTS = 20;
const DELAY = 4 * 3600;

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
    await stage.later(DELAY);
    const { timelock, executor, execution, disclosure } = stage.incident;
    await timelock.as(executor).parts.execute(execution);
    await stage.council.parts.disclose(disclosure);
    const largestFile = join(folder, "disclosure.json");
    await writeFile(largestFile, Buffer.alloc(LARGEST_FILE));
    const fileTask = await hashing(browser, fromDisk(file), largestFile);
    return {
      bytes: (await stat(file)).size,
      largestBytes: (await stat(largest)).size,
      firstContent: median(runs.map(({ firstContent }) => firstContent)),
      proofTask: median(runs.map(({ longTasks: [longest = 0] }) => longest)),
      nextTask: median(runs.map(({ longTasks: [, next = 0] }) => next)),
      requests: asked.length,
      fileTask,
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

/** Milliseconds of the longest task while the largest file is compared. */
async function hashing(browser: PageBrowser, url: string, largest: string): Promise<number> {
  const page = await observed(browser, url);
  // That a long task is seen at all: else no task would be a short one.
  await page.evaluate(() => {
    const { tasks } = globalThis as unknown as { tasks: number[] };
    tasks.length = 0;
    // A task of the page's own: what is evaluated from outside is none.
    setTimeout(() => {
      for (const until = performance.now() + 150; performance.now() < until; );
    });
  });
  // Asked for from outside: the page's policy lets nobody wait inside it.
  for (let tries = 0; (await longTasks(page)).length === 0; tries++) {
    if (tries === 100) throw new Error("a task of 150 ms was not seen");
    await new Promise((done) => setTimeout(done, 50));
  }
  await page.evaluate(() => {
    (globalThis as unknown as { tasks: number[] }).tasks.length = 0;
  });
  // By its path: bytes would come through the page's own tasks.
  await page.locator("#file").setInputFiles(largest);
  await page
    .locator(".drop [role=status]")
    .filter({ hasText: sentence("fileOther") })
    .waitFor();
  const [longest = 0] = await longTasks(page);
  await page.context().close();
  return longest;
}

const longTasks = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks.toSorted((a, b) => b - a));

/** A page that is read, and keeps what its tasks over 50 ms took. */
async function observed(browser: PageBrowser, url: string): Promise<Page> {
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
  return page;
}

async function timing(browser: PageBrowser, url: string): Promise<Timing> {
  const page = await observed(browser, url);
  const firstContent = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  );
  const found = { firstContent, longTasks: await longTasks(page) };
  await page.context().close();
  return found;
}

// Started by itself (tools/bench/portal.ts).
console.log(JSON.stringify(await measurePortal()));
