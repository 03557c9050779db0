import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type Disclosure, disclosureHash, parseDisclosure, policyToJson } from "../../src/patch/index.js";
import type { PortalData, PortalPolicy } from "../../src/portal/model.js";
import { LARGEST_FILE } from "../../src/portal/page/shown.js";
import type { SentenceName } from "../../src/portal/page/text.js";
import { fixtureDisclosure } from "../../tools/build/fixtures.js";
import { fromDisk } from "./browser.js";
import { ready, sentence, textOf, violations } from "./page.js";
import { scheduledInBrowser } from "./scheduled.js";

// What a reader drops on the page, and what its builder names in it: disclosure file and policy of the incident that was proven.

const on = scheduledInBrowser();
const pages: string[] = [];
let text: string;
let disclosed: Disclosure;
let policy: string;

beforeAll(async () => {
  text = await fixtureDisclosure();
  disclosed = parseDisclosure(text);
  const { auditors, baseline } = disclosed;
  const { timelock, recorded } = on.stage.incident;
  const [, , threshold, , maxWaivers, layoutRoot] = recorded.attest.signals;
  policy = JSON.stringify(
    policyToJson({
      ...{ auditors, baseline, layoutRoot: BigInt(layoutRoot!), migrationCaller: timelock.address },
      ...{ threshold: Number(threshold), maxWaivers: Number(maxWaivers) },
    }),
  );
});

async function opened(change?: (data: PortalData) => PortalData, named?: string): Promise<Page> {
  const file = fromDisk(await on.stage.page([on.stage.incident.anvil.url], change, named));
  pages.push(file);
  const now = Number(await on.stage.incident.timelock.now());
  const it = await on.browser.open(file, {
    before: (page) => page.clock.setFixedTime(new Date(now * 1000)),
  });
  await ready(it.page);
  return it.page;
}

describe("a disclosure file", () => {
  /** Looks at the page once the patch was executed, and disclosed by this file. */
  const afterDisclosure = (look: (page: Page) => Promise<void>) =>
    on.stage.incident.onSnapshot(async () => {
      const { timelock, executor, execution, disclosure } = on.stage.incident;
      await on.stage.later(4 * 3600);
      await timelock.as(executor).parts.execute(execution);
      await on.stage.council.parts.disclose({ ...disclosure, bundleHash: disclosureHash(text) });
      const page = await opened();
      await look(page);
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    });
  /** Drops a file of a text, or of so many zeros. */
  const drop = async (page: Page, content: string | number) => {
    const dataTransfer = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      const bytes = typeof content === "number" ? new Uint8Array(content) : content;
      transfer.items.add(new File([bytes], "disclosure.json"));
      return transfer;
    }, content);
    await page.locator(".drop").dispatchEvent("drop", { dataTransfer });
  };
  const NAMES = ["fileSame", "fileOther", "fileTooLarge", "fileUnreadable"] as const;
  /** The one sentence that the page then has of the file. */
  const said = async (page: Page, name: SentenceName, values = "") => {
    const status = page.locator(".drop [role=status]");
    await status.filter({ hasText: sentence(name) }).waitFor();
    // biome-ignore lint/performance/useDomNodeTextContent: what a reader sees is read.
    const shown = await status.innerText();
    expect(NAMES.filter((other) => sentence(other).test(shown))).toEqual([name]);
    expect(shown).toContain(values);
  };

  it("that is dropped is told from others by its hash, and the last one counts", () =>
    afterDisclosure(async (page) => {
      await drop(page, text);
      await said(page, "fileSame", disclosureHash(text));
      await drop(page, `${text} `);
      await said(page, "fileOther", disclosureHash(`${text} `));
      await drop(page, LARGEST_FILE + 1);
      await said(page, "fileTooLarge", "16,777,216");
      await drop(page, LARGEST_FILE);
      await said(page, "fileOther");
      await drop(page, text);
      await said(page, "fileSame");
    }));

  it("is chosen by the keyboard, too", () =>
    afterDisclosure(async (page) => {
      for (const [content, name] of [
        [text, "fileSame"],
        [text.slice(1), "fileOther"],
      ] as const) {
        const chooser = page.waitForEvent("filechooser");
        await page.locator("#file").focus();
        // The browser has been told by then that a test chooses.
        expect(await page.evaluate(() => document.activeElement?.id)).toBe("file");
        await page.keyboard.press("Enter");
        await (await chooser).setFiles({
          ...{ name: "disclosure.json", mimeType: "application/json", buffer: Buffer.from(content) },
        });
        await said(page, name);
      }
    }));

  it("is not read by the network", () => {
    expect(on.browser.requested.filter(({ url }) => url.startsWith("blob:"))).toEqual([]);
  });
});

describe("a policy", () => {
  const lists = (page: Page) =>
    page.locator(".equal details").evaluateAll((all) =>
      all.map((one) => {
        one.setAttribute("open", "");
        return [...one.querySelectorAll("li")].map(({ textContent }) => textContent);
      }),
    );

  it("whose roots are those of the statement names auditors and baseline vectors", async () => {
    const page = await opened(undefined, policy);
    const shown = await textOf(page);
    for (const name of ["wordsResultsOf", "policyRoots", "wordsProven"] as const)
      expect(shown, name).toMatch(sentence(name));
    expect(shown).not.toMatch(sentence("policyOther"));
    expect(shown).toContain(`of the ${disclosed.auditors.publicKeys.length} registered auditors`);
    expect(await lists(page)).toEqual([
      disclosed.auditors.publicKeys.map((_, place) => `auditor ${place + 1}`),
      disclosed.baseline.vectors.map(({ name }) => name),
    ]);
    expect(await violations(page)).toEqual([]);
  });

  const { changed, otherKey, otherVector } = changes();
  it.each([
    ["a vector is another", otherVector],
    ["an auditor is another", otherKey],
    ["a vector is left out", changed(({ vectors }) => ({ vectors: vectors.slice(1) }))],
    ["two auditors change places", changed(({ auditors }) => ({ auditors: auditors.toReversed() }))],
  ])("says that it is another one, and names nobody, where %s", async (_, change) => {
    const page = await opened(change, policy);
    const shown = await textOf(page);
    expect(shown).toMatch(sentence("policyOther"));
    expect(shown).toMatch(sentence("wordsResults"));
    for (const name of ["policyRoots", "wordsResultsOf"] as const) expect(shown).not.toMatch(sentence(name));
    expect(await lists(page)).toEqual([]);
    // Nowhere else either.
    const all = (await page.locator("#page").textContent())!;
    for (const { name } of disclosed.baseline.vectors) expect(all).not.toContain(name);
    expect(all).not.toContain("auditor 1");
  });
});

/** Policies that are not quite the statement's. */
function changes() {
  const changed =
    (change: (policy: PortalPolicy) => Partial<PortalPolicy>) =>
    (data: PortalData): PortalData => ({
      ...data,
      policies: data.policies.map((policy) => ({ ...policy, ...change(policy) })),
    });
  return {
    changed,
    otherVector: changed(({ vectors: [first, ...rest] }) => ({
      vectors: [{ ...first!, leaf: "5" }, ...rest],
    })),
    otherKey: changed(({ auditors: [first, ...rest] }) => ({
      auditors: [{ ...first!, publicKey: ["5", first!.publicKey[1]] }, ...rest],
    })),
  };
}

it("no request of these tests left for anything but the file and its node", () => {
  expect(on.browser.requested.length).toBeGreaterThan(10);
  expect(on.browser.strangers(pages, [on.stage.incident.anvil.url])).toEqual([]);
});
