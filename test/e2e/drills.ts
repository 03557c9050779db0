import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { CORPUS } from "../../corpus/index.js";
import { type DrillReport, type Variant, variantsOf } from "../../src/drill/index.js";
import { disclosureHash } from "../../src/index.js";

/** Arguments of a node that runs the drill's command. */
export const DRILL = ["--import", "tsx", "tools/drill.ts"];

/** Every case once, the first one behind every proxy: a drill takes more than a minute. */
export const DRILLS = CORPUS.flatMap((corpusCase, index): [string, Variant][] =>
  variantsOf(corpusCase)
    .slice(0, index === 0 ? undefined : 1)
    .map((variant) => [corpusCase.name, variant]),
);

const run = promisify(execFile);

/** Runs a whole incident, and expects every step to hold, within the gas budgets. */
export async function expectWholeIncident(name: string, proxy: Variant): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), "sealpatch-drill-"));
  try {
    const words = [...DRILL, "--json", "--case", name, "--proxy", proxy, "--out", out];
    const { stdout } = await run(process.execPath, words, { maxBuffer: 1 << 24 });
    expectWhole(JSON.parse(stdout) as DrillReport, name, proxy);
    expectReports((JSON.parse(stdout) as DrillReport).files, join(out, name));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Largest report of a drill, in bytes. */
const MAX_REPORT = 1_500_000;

/** The disclosure with both forms of its report: the page has no script, and is not too large. */
function expectReports(files: readonly string[], stem: string): void {
  expect(files).toEqual([`${stem}.json`, `${stem}.html`, `${stem}.md`, join(dirname(stem), "portal.html")]);
  const [text, html, markdown, page] = files.map((file) => readFileSync(file, "utf8"));
  expect(Buffer.byteLength(html!)).toBeLessThanOrEqual(MAX_REPORT);
  expect(html).not.toMatch(/<script/i);
  for (const report of [html, markdown]) {
    expect(report).toContain(disclosureHash(text!));
    expect(report).not.toMatch(/<td>not known|\| not known/);
    expect(report).toContain("after 4 h");
  }
  expect(page).toContain("connect-src http://127.0.0.1:");
}

function expectWhole(report: DrillReport, name: string, proxy: Variant): void {
  expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(report).toMatchObject({ ok: true, proxy, case: name });
  expect(report.steps).toHaveLength(18);
  for (const step of report.steps)
    expect(step).toMatchObject({ name: expect.any(String), ms: expect.any(Number) });
  // The council sealed it and the auditors signed it with these before their eyes.
  const warnings = report.steps.flatMap((step) => step.warnings ?? []);
  expect(warnings).toContainEqual(expect.stringMatching(/^solc \S+, .+: .+/));
  expect(report.figures.baselineVectors).toBeGreaterThanOrEqual(16);
  expect(report.figures.incidentVectors).toBeGreaterThanOrEqual(1);
  expect(report.figures.scheduleGas).toBeLessThanOrEqual(400_000);
  expect(report.figures.discloseGas).toBeLessThanOrEqual(150_000);
}
