import type { IncidentReport } from "./data.js";
import { hashingCommand } from "./hashes.js";

/** Sections of a report, in their order: the heading of each by its anchor. */
export const SECTIONS = {
  timeline: "Timeline",
  source: "What changed in the sources",
  layout: "Storage layout after the patch",
  vectors: "Vectors, old code against new",
  waivers: "Waivers and warnings",
  auditors: "Who attested",
  gas: "Transactions and gas",
  checks: "Checks of the disclosure",
  hashes: "Every hash, and the command that recomputes it",
  limits: "What the proof does not show",
} as const;
export type SectionName = keyof typeof SECTIONS;

/** Sentences that both forms of a report have. */
export const NOTES = {
  timeline:
    "Times of the chain are those of blocks. What no chain saw stands here by the word of the council, where anybody told.",
  hashes: (file: string): string =>
    "By the names of docs/encodings.md of the package. In the folder that has the file, this command recomputes each of them from the file and " +
    `the chain that NODE serves: ${hashingCommand(file)}`,
  warnings: (count: number): string =>
    count === 0
      ? "The machine that rebuilt the patch warned of nothing."
      : "What the machine that rebuilt the patch warned of, and people had to judge:",
} as const;

/** What a reader wants to know first. */
export function summaryOf(report: IncidentReport): [string, string][] {
  const { checks, target, transactions, threshold, auditors } = report;
  const failed = checks.filter(({ outcome }) => outcome === "fails").length;
  const open = checks.filter(({ outcome }) => outcome === "not checked").length;
  const attested = auditors.filter((auditor) => auditor.attested).length;
  return [
    ["proxy", `${target.proxy} on chain ${target.chainId}`],
    ["timelock", target.timelock],
    ["replaced", report.replaced],
    ["installed", report.installed],
    ["statement", report.id],
    ["verification", `${checks.length - failed - open} checks hold, ${failed} fail, ${open} not made`],
    ["attested by", `${attested} of ${auditors.length} auditors, ${threshold} needed`],
    [
      "gas",
      `${transactions.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)} in ${transactions.length} transactions`,
    ],
    ["disclosure", report.uri],
  ];
}

/** What the judges of the layout say. */
export function verdictsOf({ layoutVerdicts }: IncidentReport): string {
  const { upgradesCore, canonical, circuit } = layoutVerdicts;
  return `upgrades-core: ${upgradesCore}; rule of the proof: ${canonical}; circuit: ${circuit}`;
}
