import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Locator, Page } from "playwright-core";
import { type SentenceName, TEXT } from "../../src/portal/page/text.js";

// What tests read off the page.

/** Waits until the page shows what it found, or why it found nothing. */
export async function ready(page: Page): Promise<void> {
  await page.locator("#lane, [role=alert] > *").first().waitFor({ state: "attached", timeout: 60_000 });
}

/** Statements in the page's list. */
export const statements = (page: Page): Locator => page.locator(".statements > li");

/** The problem that it shows and its sentence, undefined where it shows none. */
export async function problem(page: Page): Promise<{ name: SentenceName; text: string } | undefined> {
  const alert = page.locator("[role=alert]");
  const text = (await shown(alert)).trim();
  return text === "" ? undefined : { name: sentenceIn(text, /^problem(?!Heading)/), text };
}

/** Outcomes of a statement's checks or of the lane's, by their sentences: `{ checkProof: "outcomeHolds" }`. */
export async function checks(
  page: Page,
  of: "article" | "#lane" = "article",
): Promise<Partial<Record<SentenceName, SentenceName>>> {
  const lines = await page.locator(`${of} .check`).allInnerTexts();
  return Object.fromEntries(
    lines.map((line) => {
      // Among the values outcomes may stand, too: the line's own is before its name.
      const [outcome = "", ...rest] = line.split(":");
      return [sentenceIn(rest.join(":"), /^check(?!sHeading)/), sentenceIn(outcome, /^outcome/)];
    }),
  );
}

/** Whether a check says that it needed no node. */
export async function basis(page: Page, check: SentenceName): Promise<SentenceName> {
  const line = page.locator(".check", { hasText: sentence(check) });
  return sentenceIn(await shown(line.first()), /^basis/);
}

/** Which of some sentences a text has. */
function sentenceIn(text: string, names: RegExp): SentenceName {
  const found = (Object.keys(TEXT) as SentenceName[]).find(
    (name) => names.test(name) && sentence(name).test(text),
  );
  if (found === undefined) throw new Error(`none of the sentences ${names} stands in: ${text}`);
  return found;
}

/** Violations of WCAG 2.2 A and AA that axe-core finds, with the elements. */
export async function violations(page: Page): Promise<string[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations, passes } = await axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    if (passes.length === 0) throw new Error("axe-core looked at nothing");
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}
interface Axe {
  run(
    of: Document,
    options: object,
  ): Promise<{
    readonly violations: readonly { id: string; nodes: readonly { html: string }[] }[];
    readonly passes: readonly unknown[];
  }>;
}

/** Elements that stick out of the page to the right. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

/** A sentence of the page with any values. */
export function sentence(name: SentenceName): RegExp {
  const values = new Proxy({}, { get: () => "\0" }) as Readonly<Record<string, string>>;
  const make: (values: Readonly<Record<string, string>>) => string = TEXT[name];
  const parts = make(values).split("\0");
  return new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+?"), "s");
}

// biome-ignore lint/performance/useDomNodeTextContent: what a reader sees is read, and no script's source.
const shown = (of: Locator): Promise<string> => of.innerText();

/** All text of the page. */
export const textOf = (page: Page): Promise<string> => shown(page.locator("body"));
