import { createHash } from "node:crypto";
import { timelineChart, tookText } from "./chart.js";
import type { IncidentReport } from "./data.js";
import { highlightedLines, type Token } from "./highlight.js";
import { Markup, markup } from "./markup.js";
import { STYLE } from "./style.js";
import { shownTime } from "./timeline.js";
import { NOTES, SECTIONS, type SectionName, summaryOf, verdictsOf } from "./words.js";

/**
 * A report as one HTML file without scripts, which opens offline and loads nothing: its content policy allows its own style alone, by hash.
 * Whatever the report holds is text there.
 * @example
 * ```ts
 * await writeFile("report.html", reportHtml(incident));
 * ```
 */
export function reportHtml(report: IncidentReport): string {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const title = `Incident of ${report.contract}`;
  const links = Object.entries(SECTIONS).map(
    ([id, heading]) => markup`<li><a href="#${id}">${heading}</a></li>`,
  );
  const sections = Object.entries(sectionsOf(report)).map(
    ([id, content]) =>
      markup`<section id="${id}"><h2>${SECTIONS[id as SectionName]}</h2>${content}</section>\n`,
  );
  const page = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1>
<dl>${summaryOf(report).map(([name, value]) => markup`<dt>${name}</dt><dd class="code">${value}</dd>`)}</dl>
</header>
<nav><ul>${links}</ul></nav>
<main>
${sections}</main>
</body>
</html>
`;
  return page.html;
}

function sectionsOf(report: IncidentReport): Record<SectionName, Markup> {
  const { timeline, transactions, layout, vectors, auditors, checks, hashes, notShown } = report;
  const cell = (text: string) => markup`<td>${text}</td>`;
  const code = (text: string) => markup`<td class="hash">${text}</td>`;
  const count = (text: string) => markup`<td class="number">${text}</td>`;
  const verdict = (good: boolean, text: string) =>
    markup`<td><span class="${good ? "good" : "bad"}">${text}</span></td>`;
  return {
    timeline: markup`${timelineChart(timeline)}${table(
      ["step", "time", "took", "by the word of"],
      timeline.map(({ name, at, took, by }) => [
        cell(name),
        cell(at === null ? "not known" : shownTime(at)),
        cell(tookText(at, took)),
        cell(by),
      ]),
    )}<p class="soft">${NOTES.timeline}</p>`,
    source: markup`${sourcesOf(report)}`,
    layout: markup`<p>${verdictsOf(report)}</p>${table(
      ["slot", "byte", "size", "name", "type", "before the patch"],
      layout.map((line) => [
        count(line.slot),
        count(line.offset),
        count(line.size),
        code(line.name),
        code(line.type),
        cell(line.before),
      ]),
    )}`,
    vectors: table(
      ["", "vector", "kind", "old code", "new code", "what the failing code did"],
      vectors.map((line) => [
        cell(line.place),
        cell(line.name),
        cell(line.kind),
        verdict(line.old, line.old ? "pass" : "fail"),
        verdict(line.new, line.new ? "pass" : "fail"),
        code(line.why ?? ""),
      ]),
    ),
    waivers: waiversOf(report),
    auditors: table(
      ["auditor", "attested", "public key"],
      auditors.map(({ name, attested, key }) => [
        cell(name),
        verdict(attested, attested ? "yes" : "no"),
        code(key),
      ]),
    ),
    gas: table(
      ["transaction", "gas", "block", "sender", "hash"],
      transactions.map((step) => [
        cell(step.name),
        count(step.gasUsed.toLocaleString("en-US")),
        count(String(step.block)),
        code(step.sender),
        code(step.transaction),
      ]),
    ),
    checks: table(
      ["check", "outcome", "detail"],
      checks.map(({ name, outcome, detail }) => [
        cell(name),
        verdict(outcome === "holds", outcome),
        code(detail),
      ]),
    ),
    hashes: markup`<p>${NOTES.hashes(report.file)}</p>${table(
      ["name", "value"],
      hashes.map(({ name, value }) => [cell(name), code(value)]),
    )}`,
    limits: markup`<ul>${notShown.map((point) => markup`<li>${point}</li>`)}</ul>`,
  };
}

function table(titles: readonly string[], rows: readonly (readonly Markup[])[]): Markup {
  const head = titles.map((title) => markup`<th scope="col">${title}</th>`);
  const body = rows.map((cells) => markup`<tr>${cells}</tr>\n`);
  return markup`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}</tbody></table></div>`;
}

function waiversOf({ vectors, maxWaivers, warnings }: IncidentReport): Markup {
  const waived = vectors.filter((line) => line.kind !== "incident" && !line.new);
  return markup`<p>${waived.length} of at most ${maxWaivers} vectors waived.</p><ul>${waived.map(
    ({ name, why }) => markup`<li>${name}: ${why ?? ""}</li>`,
  )}</ul><p>${NOTES.warnings(warnings.length)}</p><ul>${warnings.map((text) => markup`<li>${text}</li>`)}</ul>`;
}

function sourcesOf({ sources }: IncidentReport): Markup[] {
  const pieces: Markup[] = [];
  for (const source of sources) {
    const [old, fresh] = [source.old, source.new].map(highlightedLines);
    const hunks = source.hunks.map(({ oldLine, newLine, lines }) => {
      let [before, after] = [oldLine - 1, newLine - 1];
      const shown = lines.map(({ mark, text }) => {
        const tokens = (mark === "-" ? old![before] : fresh![after]) ?? [];
        if (mark !== "+") before++;
        if (mark !== "-") after++;
        return diffLine(mark, text, tokens);
      });
      return markup`<span class="line place">line ${oldLine} -> ${newLine}</span>${shown}`;
    });
    pieces.push(markup`<h3>${source.name}</h3><pre class="diff code">${hunks}</pre>`);
  }
  return pieces.length === 0 ? [markup`<p>The sources are the same.</p>`] : pieces;
}

const MARKS = { " ": "line", "+": "line added", "-": "line removed" } as const;

/** A line of a comparison, in colours where the pieces are its text. */
function diffLine(mark: keyof typeof MARKS, text: string, tokens: readonly Token[]): Markup {
  const isWhole = tokens.map((token) => token.text).join("") === text;
  const pieces = isWhole ? tokens : [{ text, kind: undefined }];
  const shown = pieces.map(({ text: piece, kind }) => {
    const printed = piece.replaceAll("\r", "").replaceAll("\t", "    ");
    return kind === undefined ? markup`${printed}` : markup`<span class="t-${kind}">${printed}</span>`;
  });
  return markup`<span class="${MARKS[mark]}">${mark} ${shown}</span>`;
}
