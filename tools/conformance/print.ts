import type { ConformanceTable, Row } from "./table.js";

const PAIR_WIDTH = 46;

/** The table as lines of at most 80 columns: the pairs, what is not provable and why, what was left out, the figures. */
export function printedTable({ rows, leftOut, figures, ok }: ConformanceTable): string[] {
  const differing = rows.filter(
    ({ upgradesCore, sealpatch }) => upgradesCore.verdict === "safe" && sealpatch.circuit !== "provable",
  );
  const refused = byRule(differing);
  const looser = rows.filter(
    ({ upgradesCore, sealpatch }) => upgradesCore.verdict === "unsafe" && sealpatch.circuit === "provable",
  );
  return [
    columns("pair", "upgrades-core", "sealpatch", "circuit"),
    ...rows.flatMap(printedRow),
    "",
    `Safe for upgrades-core and not provable: ${differing.length}`,
    ...refused.flatMap(([rule, pairs]) => [`  ${rule}`, ...pairs.map((pair) => `    ${pair}`)]),
    "",
    `Unsafe for upgrades-core alone, which makes them broken: ${looser.length}`,
    ...looser.flatMap(({ published, sealpatch }) => [
      `  ${shortPair(published.old.name, published.next.name)}`,
      ...sealpatch.findings.flatMap(({ message }) => wrapped(message, 74)).map((line) => `    ${line}`),
    ]),
    "",
    `Comparisons of the published tests that are not rows: ${leftOut.length}`,
    ...counted(leftOut.map(({ reason }) => reason)).map(([reason, count]) => `  ${count} x ${reason}`),
    "",
    `${ok ? "ok" : "FAILED"}: ${figures.pairs} pairs; safe: ${figures.provable} of ${figures.safe} provable (${percent(figures)}); ` +
      `unsafe: ${figures.broken} of ${figures.unsafe} broken`,
  ];
}

/** Share of the safe pairs that are provable, as it is printed. */
function percent({ provable, safe }: { provable: number; safe: number }): string {
  return `${((100 * provable) / safe).toFixed(1)}%`;
}

function printedRow(row: Row): string[] {
  const { published, upgradesCore, sealpatch, problems } = row;
  const pair = shortPair(published.old.name, published.next.name);
  const verdicts = [upgradesCore.verdict, sealpatch.verdict, sealpatch.circuit] as const;
  const names =
    pair.length <= PAIR_WIDTH
      ? [pair]
      : pair.split(/(?<= ->) /).map((name, i) => (i === 0 ? name : `  ${name}`));
  if ((names.at(-1) ?? "").length > PAIR_WIDTH) names.push("");
  const lines = [...names.slice(0, -1), columns(names.at(-1) ?? "", ...verdicts)];
  return [...lines, ...problems.map((problem) => `  ! ${problem}`)];
}

function columns(pair: string, upgradesCore: string, verdict: string, circuit: string): string {
  return `${pair.padEnd(PAIR_WIDTH)} ${upgradesCore.padEnd(13)} ${verdict.padEnd(9)} ${circuit}`.trimEnd();
}

/** Shortened where two versions share a name: `StorageUpgrade_Gap_V1 -> StorageUpgrade_Gap_V2_Ok` as `Gap_V1 -> V2_Ok`. */
function shortPair(old: string, next: string): string {
  const [left, right] = [old, next].map((name) => name.replace(/^StorageUpgrade_/, "")) as [string, string];
  const [, stem, version] = /^(.*?_?)(V\d.*)$/.exec(right) ?? [];
  return stem !== undefined && left.startsWith(`${stem}V`) ? `${left} -> ${version}` : `${left} -> ${right}`;
}

function byRule(rows: readonly Row[]): [string, string[]][] {
  const rules = new Map<string, string[]>();
  for (const { published, sealpatch } of rows) {
    const codes = [...new Set(sealpatch.findings.map(({ code }) => code))].toSorted().join(", ");
    const first = sealpatch.findings[0]?.message ?? "";
    const pairs = rules.get(codes) ?? [];
    pairs.push(
      shortPair(published.old.name, published.next.name),
      ...wrapped(first, 72).map((l) => `  ${l}`),
    );
    rules.set(codes, pairs);
  }
  return [...rules];
}

function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 > width && line !== "") lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}

function counted(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}
