import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromDisk, type OpenedPage, PageBrowser } from "../../test/portal/browser.js";
import { ready } from "../../test/portal/page.js";
import { portalStage } from "../../test/portal/stage.js";
import { acceptingLane } from "../../test/watch/accepting-lane.js";

const RUNS = 5;
const STATEMENTS = 20;

/** What the community's page takes in Chromium. */
export interface PortalFigures {
  readonly bytes: number;
  /** Milliseconds until something is shown, of the page from disk; median. */
  readonly firstContent: number;
  /** Milliseconds of the tasks over 50 ms of a page with one proof, the longest first; of the median run. */
  readonly longTasks: readonly number[];
  /** Requests until a lane with 20 statements is shown. */
  readonly requests: number;
}

/** Measures the page in Chromium: it is built, opened from disk and reads chains of anvil. */
export async function measurePortal(): Promise<PortalFigures> {
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

/** The same as lines for people, with what each figure may be. */
export function portalLines({ bytes, firstContent, longTasks, requests }: PortalFigures): string[] {
  const line = (what: string, found: number, unit: string, most: number) =>
    `  ${what.padEnd(46)}${found.toFixed(0).padStart(8)} ${unit.padEnd(4)} at most ${most}: ${found <= most ? "yes" : "NO"}`;
  const [proof = 0, next = 0] = longTasks;
  return [
    "the community's page in Chromium, from disk",
    line("file", bytes / 1000, "kB", 250),
    line("first content", firstContent, "ms", 500),
    line("longest task, the proof in it", proof, "ms", 300),
    line("next task", next, "ms", 200),
    line(`requests for ${STATEMENTS} statements`, requests, "", 12),
  ];
}
