import { NODE, run } from "../test/processes.js";

const STATEMENTS = 20;

/** What the community's page takes in Chromium. */
export interface PortalFigures {
  readonly bytes: number;
  /** The same of a page with the largest policy; the times are of that one. */
  readonly largestBytes: number;
  /** Milliseconds until something is shown, of the page from disk; median. */
  readonly firstContent: number;
  /** Milliseconds of the longest task of a page with one proof, and of the next one; medians. */
  readonly proofTask: number;
  readonly nextTask: number;
  /** Requests until a lane with 20 statements is shown. */
  readonly requests: number;
  /** Milliseconds of the longest task while a file of 16 MiB is compared. */
  readonly fileTask: number;
}

/** Measures the page in Chromium, with the stage of its tests. */
export async function measurePortal(): Promise<PortalFigures> {
  const { code, output } = await run(NODE, ["--import", "tsx", "test/portal/figures.ts"], true);
  const line = output.split("\n").find((text) => text.startsWith("{"));
  if (code !== 0 || line === undefined) throw new Error(output.slice(-4000));
  return JSON.parse(line) as PortalFigures;
}

/** The same as lines for people, with what each figure may be. */
export function portalLines(figures: PortalFigures): string[] {
  const { bytes, largestBytes, firstContent, proofTask, nextTask, requests, fileTask } = figures;
  const line = (what: string, found: number, unit: string, most: number) =>
    `  ${what.padEnd(46)}${found.toFixed(0).padStart(8)} ${unit.padEnd(4)} at most ${most}: ${found <= most ? "yes" : "NO"}`;
  return [
    "the community's page in Chromium, from disk",
    line("file", bytes / 1000, "kB", 250),
    line("file, 32 auditors and 128 vectors named", largestBytes / 1000, "kB", 250),
    line("first content", firstContent, "ms", 500),
    line("longest task, the proof in it", proofTask, "ms", 300),
    line("next task", nextTask, "ms", 200),
    line("longest task, a file of 16 MiB compared", fileTask, "ms", 200),
    line(`requests for ${STATEMENTS} statements`, requests, "", 12),
  ];
}
