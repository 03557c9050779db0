import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../project/projects.js";
import { fromDisk, PageBrowser } from "./browser.js";
import { overflowing, problem, ready, textOf, violations } from "./page.js";
import { type PortalStage, portalStage } from "./stage.js";

// What others wrote on the chain, and what a hostile account would write there.

const DAY = 86_400;
const MARKUP = `<script>document.documentElement.dataset.owned="yes"</script><img src=x: onerror="document.documentElement.dataset.owned='yes'">`;
const OVERRIDE = "veto \u202etxet desrever\u202c \u2066hidden\u2069";
const LONG = "a".repeat(100_000);

let stage: PortalStage;
let browser: PageBrowser;
let file: string;

beforeAll(async () => {
  stage = await portalStage(temporaryFolder());
  file = await stage.page([stage.incident.anvil.url]);
  browser = await PageBrowser.start();
}, 600_000);
afterAll(async () => {
  await browser?.stop();
  await stage?.stop();
});

/** Opens the page narrowly and checks what holds whatever the chain says. */
async function harmlessPage() {
  const opened = await browser.open(fromDisk(file), { width: 320 });
  await ready(opened.page);
  expect(await problem(opened.page)).toBeUndefined();
  expect(await opened.page.evaluate(() => document.documentElement.dataset.owned)).toBeUndefined();
  expect(await opened.page.locator("body img, body iframe").count()).toBe(0);
  expect(await overflowing(opened.page)).toEqual([]);
  expect(await violations(opened.page)).toEqual([]);
  expect(opened.errors).toEqual([]);
  expect(opened.console).toEqual([]);
  return opened.page;
}

const links = (page: Awaited<ReturnType<typeof harmlessPage>>) =>
  page.locator("a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));

describe("a reason of a veto", () => {
  const vetoed = async (reason: string) => {
    await stage.schedule();
    const { commitment } = stage.incident.scheduling;
    await stage.guardian.veto({ commitment, reason });
  };

  it("that is markup is shown as text", async () => {
    await stage.incident.onSnapshot(async () => {
      await vetoed(MARKUP);
      expect(await textOf(await harmlessPage())).toContain("<script>");
    });
  });

  it("that turns text around is shown with its characters' numbers", async () => {
    await stage.incident.onSnapshot(async () => {
      await vetoed(OVERRIDE);
      const text = await textOf(await harmlessPage());
      expect(text).toContain("\\u{202e}txet desrever");
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    });
  });

  it("of 100 kB is cut", async () => {
    await stage.incident.onSnapshot(async () => {
      await vetoed(LONG);
      const text = await textOf(await harmlessPage());
      expect(text).toContain("aaaaaaaa");
      expect(text.length).toBeLessThan(30_000);
    });
  });

  it("that is no UTF-8 is shown all the same", async () => {
    await stage.incident.onSnapshot(async () => {
      await stage.schedule();
      const { commitment } = stage.incident.scheduling;
      const marker = "Q".repeat(8);
      const { target, data } = stage.incident.timelock.vetoCall({ commitment, reason: marker });
      const bytes = data.replace(Buffer.from(marker).toString("hex"), "fffec0af80bfc328");
      expect(bytes).not.toBe(data);
      await stage.safes.guardian.send({ to: target, data: bytes });
      await harmlessPage();
    });
  });
});

it("a reason of a halt that is markup is shown as text", async () => {
  await stage.incident.onSnapshot(async () => {
    await stage.guardian.halt(MARKUP);
    expect(await textOf(await harmlessPage())).toContain("<script>");
  });
});

describe("a place of a disclosure", () => {
  const disclosedAt = async (uri: string) => {
    const { timelock, executor, execution, disclosure } = stage.incident;
    await stage.schedule();
    await stage.later(4 * 3600);
    await timelock.as(executor).parts.execute(execution);
    await stage.council.parts.disclose({ ...disclosure, uri });
    await stage.later(DAY);
  };

  it.each([
    ["javascript:document.documentElement.dataset.owned='yes'"],
    [`data:text/html,${MARKUP}`],
    ["JaVaScRiPt:alert(1)"],
    [" javascript:alert(1)"],
    ["http://example.org/plain"],
    ["https://example.org/\u202egpj.exe"],
    ["file:///etc/passwd"],
  ])("%j is no link", async (uri) => {
    await stage.incident.onSnapshot(async () => {
      await disclosedAt(uri);
      const page = await harmlessPage();
      for (const href of await links(page)) expect(href).toMatch(/^#/);
      expect(await textOf(page)).toContain(uri.trim().slice(0, 5));
    });
  });

  it("with a quote in it gives its link no attribute", async () => {
    await stage.incident.onSnapshot(async () => {
      await disclosedAt(`https://example.org/"onmouseover="document.documentElement.dataset.owned='yes'`);
      const page = await harmlessPage();
      expect(await page.locator("[onmouseover]").count()).toBe(0);
    });
  });

  it.each([["https://example.org/disclosure.json"], ["ipfs://bafy123/disclosure.json"]])(
    "%s is one, and tells its host nothing of the reader",
    async (uri) => {
      await stage.incident.onSnapshot(async () => {
        await disclosedAt(uri);
        const page = await harmlessPage();
        expect(await links(page)).toContain(uri);
        const rel = await page.locator(`a[href="${uri}"]`).first().getAttribute("rel");
        expect(rel).toMatch(/noreferrer/);
      });
    },
  );
});

it("no request of these tests left for anything but the file and its node", () => {
  expect(browser.requested.length).toBeGreaterThan(20);
  expect(browser.strangers([fromDisk(file)], [stage.incident.anvil.url])).toEqual([]);
});
