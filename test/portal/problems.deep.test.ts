import { describe, expect, it } from "vitest";
import type { SentenceName } from "../../src/portal/page/text.js";
import { type Answerer, startOddNode } from "../chain/odd-node.js";
import { fromDisk } from "./browser.js";
import { overflowing, problem, ready, sentence, textOf, violations } from "./page.js";
import { scheduledInBrowser } from "./scheduled.js";

// The page for everybody where it has nothing to show, and what it keeps of its readers.

const on = scheduledInBrowser();
const pages: string[] = [];
const nodes: string[] = [];

describe("where the chain cannot be read", () => {
  const changed =
    (asked: string, result: string): Answerer =>
    ({ method }) =>
      method === asked ? { result } : undefined;
  /** How each of the page's nodes answers then. */
  const problems: readonly { name: SentenceName; answers: readonly Answerer[]; offline?: boolean }[] = [
    { name: "problemUnreachable", answers: [() => undefined], offline: true },
    { name: "problemUnreachable", answers: [() => "hang up"] },
    { name: "problemOtherChain", answers: [changed("eth_chainId", "0x1")] },
    { name: "problemNoTimelock", answers: [changed("eth_getCode", "0x")] },
    { name: "problemMalformed", answers: [() => ({ text: "<html>busy</html>" })] },
    { name: "problemRefused", answers: [() => ({ error: { code: -32601, message: "no" } })] },
    { name: "problemDisagree", answers: [() => undefined, changed("eth_getCode", "0x00")] },
  ];

  it.each(problems)("it says so without a violation: $name", async ({ name, answers, offline = false }) => {
    const behind = on.stage.incident.anvil.url;
    const odd = await Promise.all(answers.map((answer) => startOddNode(answer, { behind })));
    try {
      const of = fromDisk(await on.stage.page(odd.map(({ url }) => url)));
      pages.push(of);
      nodes.push(...odd.map(({ url }) => url));
      for (const theme of ["light", "dark"] as const) {
        const { page } = await on.browser.open(of, { theme, width: 360, context: { offline } });
        await ready(page);
        expect((await problem(page))?.name).toBe(name);
        expect(await violations(page), theme).toEqual([]);
        expect(await overflowing(page), theme).toEqual([]);
        await page.context().close();
      }
    } finally {
      await Promise.all(odd.map((node) => node.stop()));
    }
  });
});

it("keeps the reader's choice of theme and nodes in the browser, and nothing else", async () => {
  const url = on.stage.incident.anvil.url;
  const second = await startOddNode(() => undefined, { behind: url });
  try {
    const of = fromDisk(await on.stage.page([url, second.url]));
    pages.push(of);
    nodes.push(second.url);
    const { page } = await on.browser.open(of);
    await ready(page);
    const kept = () =>
      page.evaluate(async () => ({
        local: { ...localStorage },
        others: [sessionStorage.length, document.cookie, (await indexedDB.databases()).length],
      }));
    expect(await kept()).toEqual({ local: {}, others: [0, "", 0] });
    await page.locator("#theme").selectOption("dark");
    await page.locator("input[type=checkbox]").last().uncheck();
    await ready(page);
    expect(await kept()).toEqual({
      local: { "sealpatch.theme": "dark", "sealpatch.nodes.31337": new URL(url).href },
      others: [0, "", 0],
    });
    await page.reload();
    await ready(page);
    expect(await page.locator("input[type=checkbox]:checked").count()).toBe(1);
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(await textOf(page)).toMatch(sentence("footer"));
  } finally {
    await second.stop();
  }
});

it("no request of these tests left for anything but the files and their nodes", () => {
  expect(on.browser.requested.length).toBeGreaterThan(10);
  expect(on.browser.strangers(pages, [on.stage.incident.anvil.url, ...nodes])).toEqual([]);
});
