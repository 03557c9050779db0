import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEXT } from "../../src/portal/page/text.js";
import { temporaryFolder } from "../project/projects.js";
import { fromDisk, type OpenOptions, PageBrowser } from "./browser.js";
import { overflowing, ready, sentence, textOf, violations } from "./page.js";
import { type PortalStage, portalStage } from "./stage.js";

// The page for everybody: by keyboard alone, large, narrow, printed, without motion, without scripts.

let stage: PortalStage;
let browser: PageBrowser;
let file: string;
let now: number;

beforeAll(async () => {
  stage = await portalStage(temporaryFolder());
  await stage.schedule();
  file = fromDisk(await stage.page([stage.incident.anvil.url]));
  now = Number(await stage.incident.timelock.now());
  browser = await PageBrowser.start();
}, 600_000);
afterAll(async () => {
  await browser?.stop();
  await stage?.stop();
});

async function opened(options: OpenOptions = {}): Promise<Page> {
  const { page } = await browser.open(file, {
    before: (page) => page.clock.setFixedTime(new Date(now * 1000)),
    ...options,
  });
  if (options.context?.javaScriptEnabled !== false) await ready(page);
  return page;
}

/** What has the focus, and whether one sees it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return undefined;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const { top, bottom } = element.getBoundingClientRect();
    return {
      index: [...document.querySelectorAll("*")].indexOf(element),
      tag: element.tagName,
      name: element.textContent || element.getAttribute("aria-label") || element.getAttribute("name"),
      isSeen: (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== "none",
      isInView: bottom > 0 && top < innerHeight,
    };
  });

describe("by keyboard alone", () => {
  it("every control is reached in the order of the page, with a focus that is seen", async () => {
    const page = await opened();
    const reachable = await page
      .locator("a[href], button, input, select, summary, textarea")
      .filter({ visible: true })
      .count();
    expect(reachable).toBeGreaterThan(3);
    const seen: number[] = [];
    for (let step = 0; step < reachable + 40; step++) {
      await page.keyboard.press("Tab");
      const at = await focused(page);
      if (at === undefined || seen.includes(at.index)) break;
      expect(at.isSeen, `${at.tag} ${at.name}`).toBe(true);
      expect(at.isInView, `${at.tag} ${at.name}`).toBe(true);
      seen.push(at.index);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    // Radio buttons of one group are one stop.
    const radios = await page.locator("input[type=radio]").count();
    expect(seen.length).toBeGreaterThanOrEqual(reachable - radios);
  });

  it("what is folded unfolds, and the theme is chosen", async () => {
    const page = await opened();
    const summary = page.locator("summary").first();
    await summary.focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("details[open]").count()).toBeGreaterThan(0);
    const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const theme = page.getByLabel(TEXT.themeLabel()).or(page.getByRole("group", { name: TEXT.themeLabel() }));
    await theme.first().focus();
    await page.keyboard.press("End");
    if ((await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) === before) {
      await page.getByLabel(TEXT.themeDark(), { exact: true }).first().focus();
      await page.keyboard.press("Space");
    }
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(before);
    expect(await violations(page)).toEqual([]);
  });
});

describe("large, narrow and printed", () => {
  it.each([
    ["320 px wide", { width: 320 }],
    // 200 % of 1280 px is 640 px, 400 % is 320 px.
    ["at 200 %", { width: 640, height: 450, context: { deviceScaleFactor: 2 } }],
  ] as [string, OpenOptions][])("%s nothing sticks out", async (_, options) => {
    const page = await opened(options);
    expect(await overflowing(page)).toEqual([]);
    await page.locator("details").evaluateAll((all) => {
      for (const one of all) one.setAttribute("open", "");
    });
    expect(await overflowing(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);
  });

  it("with text of twice the size nothing sticks out", async () => {
    const page = await opened();
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    expect(await overflowing(page)).toEqual([]);
  });

  it("what a proof does not say is as large as what it says, and beside it where there is room", async () => {
    for (const [width, isBeside] of [
      [360, false],
      [1280, true],
    ] as const) {
      const page = await opened({ width });
      const [says, limits] = await page.locator(".equal > section").evaluateAll((sections) =>
        sections.map((section) => ({
          size: getComputedStyle(section.querySelector("li")!).fontSize,
          color: getComputedStyle(section.querySelector("li")!).color,
          width: Math.round(section.getBoundingClientRect().width),
          top: Math.round(section.getBoundingClientRect().top),
        })),
      );
      const { top, ...look } = says!;
      expect(limits).toMatchObject(look);
      expect(limits!.top === top, `${width} px`).toBe(isBeside);
      expect(await page.locator(".equal > section li").filter({ visible: true }).count()).toBeGreaterThan(15);
    }
  });

  it("in print the statement stands there, dark on light", async () => {
    const page = await opened({ theme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await textOf(page)).toMatch(sentence("wordsResults"));
    const [ink, paper] = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.body);
      const sum = (text: string) => {
        const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
        return alpha === 0 ? 765 : red + green + blue;
      };
      return [sum(color), sum(backgroundColor)];
    });
    expect(ink).toBeLessThan(paper!);
  });

  it("with reduced motion nothing moves", async () => {
    const page = await opened({ context: { reducedMotion: "reduce" } });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return [transitionDuration, animationDuration].some((text) => Number.parseFloat(text) > 0.01);
        }).length,
    );
    expect(moving).toBe(0);
  });
});

describe("without scripts", () => {
  it("it says what it is, the addresses and the commands", async () => {
    const page = await opened({ context: { javaScriptEnabled: false } });
    const text = await textOf(page);
    expect(text).toContain(TEXT.what());
    expect(text).toContain(stage.incident.timelock.address);
    expect(text).toContain("npx sealpatch@0.1.0 status");
  });
});

describe("announcements", () => {
  it("are polite, and one a minute at most", async () => {
    const { page } = await browser.open(file, {
      before: (page) => page.clock.install({ time: new Date(now * 1000) }),
    });
    await page.clock.runFor(5_000);
    await ready(page);
    expect(await page.locator('[aria-live="assertive"]').count()).toBe(0);
    const polite = page.locator('[aria-live="polite"], [role="status"], output');
    expect(await polite.count()).toBeGreaterThan(0);
    await page.evaluate(() => {
      const counter = { changes: 0 };
      (globalThis as unknown as { counter: typeof counter }).counter = counter;
      const texts = () =>
        [...document.querySelectorAll('[aria-live="polite"], [role="status"], output')]
          .map((element) => element.textContent)
          .join("\n");
      let last = texts();
      new MutationObserver(() => {
        if (texts() === last) return;
        last = texts();
        counter.changes += 1;
      }).observe(document, { subtree: true, childList: true, characterData: true });
    });
    await page.clock.runFor(180_000);
    const changes = await page.evaluate(
      () => (globalThis as unknown as { counter: { changes: number } }).counter.changes,
    );
    expect(changes).toBeGreaterThan(0);
    expect(changes).toBeLessThanOrEqual(4);
  });
});

it("no request of these tests left for anything but the file and its node", () => {
  expect(browser.requested.length).toBeGreaterThan(10);
  expect(browser.strangers([file], [stage.incident.anvil.url])).toEqual([]);
});
