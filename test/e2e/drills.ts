import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "vitest";
import { CORPUS } from "../../corpus/index.js";
import { type DrillReport, type Variant, variantsOf } from "../../src/drill/index.js";

/** Arguments of a node that runs the drill's command. */
export const DRILL = ["--import", "tsx", "tools/drill.ts"];

/** Every case once, the first one behind every proxy: a drill takes more than a minute. */
export const DRILLS = CORPUS.flatMap((corpusCase, index): [string, Variant][] =>
  variantsOf(corpusCase)
    .slice(0, index === 0 ? undefined : 1)
    .map((variant) => [corpusCase.name, variant]),
);

export const run = promisify(execFile);

/** Runs a whole incident, and expects every step to hold, within the gas budgets. */
export async function expectWholeIncident(name: string, proxy: Variant): Promise<void> {
  const { stdout } = await run(process.execPath, [...DRILL, "--json", "--case", name, "--proxy", proxy], {
    maxBuffer: 1 << 24,
  });
  const report = JSON.parse(stdout) as DrillReport;
  expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(report).toMatchObject({ ok: true, proxy, case: name });
  expect(report.steps).toHaveLength(17);
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
