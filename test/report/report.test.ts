import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { marked } from "marked";
import { type DefaultTreeAdapterTypes, parse, parseFragment } from "parse5";
import { beforeAll, describe, expect, it } from "vitest";
import { printable } from "../../src/foreign-text.js";
import {
  type IncidentReport,
  incidentHashes,
  incidentReport,
  type ReportInputs,
  reportHtml,
  reportMarkdown,
} from "../../src/report/index.js";
import { reportInputs, withTexts } from "./made-report.js";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** All elements below a node, and all of its text. */
function read(node: Node): { elements: Element[]; text: string } {
  if ("value" in node) return { elements: [], text: node.value };
  const own = "tagName" in node ? [node] : [];
  const below = "childNodes" in node ? node.childNodes.map(read) : [];
  return {
    elements: [...own, ...below.flatMap(({ elements }) => elements)],
    text: below.map(({ text }) => text).join(""),
  };
}

const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "</style><script>alert(1)</script>",
  "--> <!-- <svg onload=alert(1)>",
  "`code` ```",
  "![x](javascript:alert(1)) [y](javascript:alert(1))",
  "](javascript:alert(1))",
  "https://example.org www.example.org a@example.org <https://example.org>",
  "| cell | **bold** _it_ ~~gone~~ # head",
  "&lt;b&gt; &#60;b&#62; &amp;",
  "1. one\n- two\n> three\n\n    four\n---\n===",
  "a\u202eb\u2066c\u0000d\u001be\u200bf\u2028g\r\nh",
  "\\` \\<b> \\\\",
  "[ref]: javascript:alert(1)",
  "\ud800",
];

let inputs: ReportInputs;
let report: IncidentReport;
beforeAll(async () => {
  ({ inputs } = await reportInputs());
  report = await incidentReport(inputs);
}, 120_000);

/** What the rest of a report depends on: not somebody's text. */
const FIXED = /\.(mark|outcome)$/;
/** The report with one hostile text after the other in all its places. */
const hostile = (text: string) => withTexts(report, (own, path) => (FIXED.test(path) ? own : text));

const ELEMENTS = new Set(
  [
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "nav",
    "main",
    "section",
    "h1",
    "h2",
    "h3",
    "p",
  ].concat(
    ["ul", "li", "a", "dl", "dt", "dd", "div", "table", "thead", "tbody", "tr", "th", "td", "pre", "span"],
    ["svg", "text", "rect"],
  ),
);
const ATTRIBUTES = new Set(
  [
    "class",
    "id",
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "href",
    "scope",
    "viewBox",
    "role",
  ].concat(["aria-label", "x", "y", "width", "height", "rx"]),
);

function expectHarmless(html: string): void {
  const { elements } = read(parse(html));
  expect(elements.map(({ tagName }) => tagName).filter((name) => !ELEMENTS.has(name))).toEqual([]);
  const attributes = elements.flatMap(({ attrs }) => attrs);
  expect(attributes.filter(({ name }) => !ATTRIBUTES.has(name))).toEqual([]);
  const ids = attributes.filter(({ name }) => name === "id").map(({ value }) => `#${value}`);
  expect(attributes.filter(({ name }) => name === "href").every(({ value }) => ids.includes(value))).toBe(
    true,
  );
  const meta = elements.filter(({ tagName }) => tagName === "meta");
  expect(meta).toHaveLength(4);
  expect(html).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
}

/** Styles and policy of a page. */
function policyOf(html: string) {
  const { elements } = read(parse(html));
  const styles = elements.filter(({ tagName }) => tagName === "style");
  const policy = elements
    .flatMap(({ attrs }) => attrs)
    .find(({ value }) => value.startsWith("default-src"))!.value;
  return { styles: styles.map((style) => read(style).text), policy };
}

describe("a report as HTML", () => {
  it("has a content policy that allows its own style, and nothing else", () => {
    const { styles, policy } = policyOf(reportHtml(report));
    expect(styles).toHaveLength(1);
    const hash = createHash("sha256").update(styles[0]!).digest("base64");
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    // Nothing is loaded from elsewhere.
    expect(styles[0]).not.toMatch(/url\(|@import|@font-face|expression/);
    expect(styles[0]).toMatch(/prefers-color-scheme: dark[\s\S]*@media print/);
  });

  it("shows what it is made of", () => {
    const html = reportHtml(report);
    expectHarmless(html);
    const { text, elements } = read(parse(html));
    for (const shown of [
      "not known",
      "after 1 h 30 min",
      "after 4 h",
      "after 1 d",
      "123,456",
      "counts double",
    ])
      expect(text, shown).toContain(shown);
    for (const { value } of report.hashes) expect(text).toContain(value);
    expect(text).toContain("sealpatch verify disclosure.json --hashes --rpc NODE");
    for (const point of report.notShown) expect(text).toContain(point);
    const added = elements.filter(({ attrs }) => attrs.some(({ value }) => value === "line added"));
    expect(added.map((line) => read(line).text)).toContainEqual(expect.stringContaining("total += x;"));
    expect(elements.some(({ attrs }) => attrs.some(({ value }) => value === "t-keyword"))).toBe(true);
  });

  it.each(HOSTILE)("keeps as text: %j", (text) => {
    const html = reportHtml(hostile(text));
    expectHarmless(html);
    const { styles } = policyOf(html);
    expect(styles).toEqual(policyOf(reportHtml(report)).styles);
    const shown = read(parse(html)).text;
    // In all its places, as its author wrote it.
    const times = shown.split(printable(text)).length - 1;
    expect(times).toBeGreaterThan(80);
  });
});

describe("a report as Markdown", () => {
  const TAGS = new Set([
    "h1",
    "h2",
    "h3",
    "p",
    "ul",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "pre",
    "code",
  ]);
  const rendered = (markdown: string) => {
    const { elements, text } = read(parseFragment(marked.parse(markdown, { async: false, gfm: true })));
    return {
      text,
      tags: elements.map(({ tagName }) => tagName),
      attributes: elements.flatMap(({ attrs }) => attrs),
    };
  };

  it("has the same sections and rows as the page", () => {
    const { tags } = rendered(reportMarkdown(report));
    const page = read(parse(reportHtml(report))).elements.map(({ tagName }) => tagName);
    const count = (all: readonly string[], tag: string) => all.filter((one) => one === tag).length;
    for (const tag of ["h2", "h3", "table", "tr"]) expect(count(tags, tag), tag).toBe(count(page, tag));
  });

  it.each(HOSTILE)("keeps as text: %j", (text) => {
    const { tags, attributes, text: shown } = rendered(reportMarkdown(hostile(text)));
    expect(tags.filter((tag) => !TAGS.has(tag))).toEqual([]);
    expect(attributes.filter(({ value }) => value !== "language-diff")).toEqual([]);
    const one = printable(text.replaceAll(/[\p{C}\p{Z}\s]+/gu, " ").trim());
    expect(shown.split(one).length - 1).toBeGreaterThan(60);
    // The document goes on as it was.
    const own = rendered(reportMarkdown(report)).tags;
    for (const tag of ["h2", "table", "tr", "pre"])
      expect(tags.filter((each) => each === tag).length, tag).toBe(own.filter((each) => each === tag).length);
  });
});

describe("a report as data", () => {
  it("says what is not known, and whose word the rest is", () => {
    expect(report.timeline.map(({ name, by, took }) => [name, by, took])).toEqual([
      ["found", "the council", null],
      ["sealed", "nobody", null],
      ["attested", "the council", 5_400n],
      ["scheduled", "the chain", 1_800n],
      ["executed", "the chain", 14_400n],
      ["disclosed", "the chain", 86_400n],
    ]);
  });

  it("has the incident's vectors on both codes, and why the old one fails", () => {
    expect(report.vectors).toMatchObject([
      { kind: "regression", old: true, new: true, why: null },
      { kind: "incident", old: false, new: true, why: expect.stringMatching(/expected .*, got /) },
    ]);
    expect(report.auditors.map(({ attested }) => attested)).toEqual([true, true, false]);
    expect(report.checks.every(({ outcome }) => outcome === "holds")).toBe(true);
  });

  it("has the layout, and what was there before", () => {
    expect(report.layout).toMatchObject([{ slot: "0", name: "total", type: "uint256", before: "the same" }]);
  });

  it("has every hash as it comes from the file and the run, not as the chain claims it", () => {
    const { facts } = inputs;
    const claimed = { ...facts, signals: { ...facts.signals, vectorRoot: 1n, layoutRoot: 2n } };
    const hashes = incidentHashes({ ...inputs, facts: claimed });
    expect(hashes).toEqual(report.hashes);
    expect(new Set(hashes.map(({ name }) => name)).size).toBe(17);
    const shown = (name: string) => BigInt(hashes.find((hash) => hash.name === name)!.value);
    const { signals, executed, replaced } = facts;
    expect(shown("patchCommitment C")).toBe(signals.commitment);
    expect(shown("vectorRoot")).toBe(signals.vectorRoot);
    expect(shown("layoutRoot")).toBe(signals.layoutRoot);
    expect(shown("targetsRoot")).toBe(signals.targetsRoot);
    expect(shown("auditorRoot")).toBe(signals.auditorRoot);
    expect(shown("statement id")).toBe(BigInt(facts.id));
    expect(shown("code hash of what was installed")).toBe(BigInt(executed.codehash));
    expect(shown("code hash of what was replaced")).toBe(BigInt(replaced.codehash));
    const other = { ...facts, id: `0x${"00".repeat(32)}` };
    expect(() => incidentHashes({ ...inputs, facts: other })).toThrow(
      expect.objectContaining({ code: "report/other-disclosure" }),
    );
  });

  it("takes what the proof does not show from docs/limits.md, each of its points", () => {
    const [, list] = /What it does not:\n([\s\S]*)\nVectors, besides/.exec(
      readFileSync("docs/limits.md", "utf8"),
    )!;
    expect(report.notShown).toHaveLength(list!.match(/^- /gm)!.length);
    expect(report.notShown[0]).toMatch(/^It does not show that the patch has no new bug\. It shows/);
    expect(report.notShown.filter((point) => /[`*\n]|\]\(/.test(point))).toEqual([]);
  });

  it("refuses a file that the chain does not have", async () => {
    const other = { ...inputs, text: `${inputs.text}\n` };
    await expect(incidentReport(other)).rejects.toMatchObject({ code: "report/other-disclosure" });
    const unexecuted = { scheduled: inputs.steps.scheduled, disclosed: inputs.steps.disclosed };
    await expect(incidentReport({ ...inputs, steps: unexecuted })).rejects.toMatchObject({
      code: "report/other-disclosure",
    });
  });
});
