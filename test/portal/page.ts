import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { type SentenceName, TEXT } from "../../src/portal/page/text.js";

// What tests read off the page.

/** Waits until the page shows what it found, or why it found nothing. */
export async function ready(page: Page): Promise<void> {
  await page.locator('[data-ready="yes"]').first().waitFor({ state: "attached", timeout: 60_000 });
}

/** The problem that it shows, undefined where it shows none. */
export async function problem(page: Page): Promise<{ code: string; text: string } | undefined> {
  const alert = page.locator("[data-problem]");
  if ((await alert.count()) === 0) return undefined;
  return {
    code: (await alert.first().getAttribute("data-problem"))!,
    text: (await alert.first().innerText()).trim(),
  };
}

/** Outcomes of the checks in their order, by their ids. */
export async function checks(page: Page): Promise<Record<string, string>> {
  const lines = page.locator("[data-check]");
  return Object.fromEntries(
    await lines.evaluateAll((all) =>
      all.map((line) => [line.getAttribute("data-check"), line.getAttribute("data-outcome")]),
    ),
  );
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

/** All text of the page. */
export const textOf = (page: Page): Promise<string> => page.locator("body").innerText();
