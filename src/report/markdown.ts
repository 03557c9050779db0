import { plainMarkdown as plain, printable } from "../foreign-text.js";
import { tookText } from "./chart.js";
import type { IncidentReport } from "./data.js";
import { shownTime } from "./timeline.js";
import { NOTES, SECTIONS, type SectionName, summaryOf, verdictsOf } from "./words.js";

/**
 * A report as Markdown (CommonMark with GitHub's tables). Whatever it holds is text there: punctuation is escaped, and sources stand in
 * fences longer than any of theirs.
 * @example
 * ```ts
 * console.log(reportMarkdown(incident));
 * ```
 */
export function reportMarkdown(report: IncidentReport): string {
  const sections = Object.entries(sectionsOf(report)).map(
    ([id, content]) => `## ${SECTIONS[id as SectionName]}\n\n${content}\n`,
  );
  const summary = summaryOf(report).map(([name, value]) => `- ${name}: ${plain(value)}`);
  return `# Incident of ${plain(report.contract)}\n\n${summary.join("\n")}\n\n${sections.join("\n")}`;
}

function sectionsOf(report: IncidentReport): Record<SectionName, string> {
  const { timeline, transactions, layout, vectors, auditors, checks, hashes, notShown } = report;
  const waived = vectors.filter((line) => line.kind !== "incident" && !line.new);
  const passes = (pass: boolean) => (pass ? "pass" : "fail");
  return {
    timeline: `${table(
      ["step", "time", "took", "by the word of"],
      timeline.map(({ name, at, took, by }) => [
        name,
        at === null ? "not known" : shownTime(at),
        tookText(at, took),
        by,
      ]),
    )}\n\n${NOTES.timeline}`,
    source: sourcesOf(report),
    layout: `${plain(verdictsOf(report))}\n\n${table(
      ["slot", "byte", "size", "name", "type", "before the patch"],
      layout.map(({ slot, offset, size, name, type, before }) => [slot, offset, size, name, type, before]),
    )}`,
    vectors: table(
      ["", "vector", "kind", "old code", "new code", "what the failing code did"],
      vectors.map((line) => [
        line.place,
        line.name,
        line.kind,
        passes(line.old),
        passes(line.new),
        line.why ?? "",
      ]),
    ),
    waivers: [
      `${waived.length} of at most ${report.maxWaivers} vectors waived.`,
      list(waived.map(({ name, why }) => `${name}: ${why ?? ""}`)),
      NOTES.warnings(report.warnings.length),
      list(report.warnings),
    ]
      .filter((part) => part !== "")
      .join("\n\n"),
    auditors: table(
      ["auditor", "attested", "public key"],
      auditors.map(({ name, attested, key }) => [name, attested ? "yes" : "no", key]),
    ),
    gas: table(
      ["transaction", "gas", "block", "sender", "hash"],
      transactions.map(({ name, gasUsed, block, sender, transaction }) => [
        name,
        gasUsed.toLocaleString("en-US"),
        String(block),
        sender,
        transaction,
      ]),
    ),
    checks: table(
      ["check", "outcome", "detail"],
      checks.map(({ name, outcome, detail }) => [name, outcome, detail]),
    ),
    hashes: `${plain(NOTES.hashes(report.file))}\n\n${table(
      ["name", "value"],
      hashes.map(({ name, value }) => [name, value]),
    )}`,
    limits: list(notShown),
  };
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map((row) => line(row.map(plain)))].join("\n");
}

const list = (points: readonly string[]): string => points.map((point) => `- ${plain(point)}`).join("\n");

function sourcesOf({ sources }: IncidentReport): string {
  if (sources.length === 0) return "The sources are the same.";
  return sources
    .map(({ name, hunks }) => {
      const lines = hunks.flatMap(({ oldLine, newLine, lines: shown }) => [
        `@@ line ${oldLine} -> ${newLine}`,
        ...shown.map(
          ({ mark, text }) => `${mark} ${printable(text.replaceAll("\r", "").replaceAll("\t", "    "))}`,
        ),
      ]);
      const runs = lines.join("\n").match(/`+/g) ?? [];
      const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
      return `### ${plain(name)}\n\n${fence}diff\n${lines.join("\n")}\n${fence}`;
    })
    .join("\n\n");
}
