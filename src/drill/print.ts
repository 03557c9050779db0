import { stdout } from "node:process";
import { styled, thousands, wrap } from "../terminal/index.js";
import type { DrillReport } from "./drill.js";
import type { StepResult } from "./steps.js";

const COLUMNS = 80;
const WIDTH = { mark: 5, name: 55, time: 9, gas: 11 };

/** Prints a step as it ends: verdict, name, time, gas, and below it what it showed. At most 80 columns. */
export function printStep({ ok, name, ms, gas, detail, warnings = [] }: StepResult): void {
  const mark = styled(ok ? "green" : "red", (ok ? "ok" : "FAIL").padEnd(WIDTH.mark));
  const time = `${(ms / 1000).toFixed(1)} s`.padStart(WIDTH.time);
  const used = (gas === undefined ? "" : thousands(gas)).padStart(WIDTH.gas);
  stdout.write(`${mark}${name.padEnd(WIDTH.name)}${time}${used}\n`);
  const indent = " ".repeat(WIDTH.mark);
  stdout.write(`${styled("dim", wrap(detail, indent, COLUMNS))}\n`);
  for (const warning of warnings) stdout.write(`${styled("yellow", wrap(warning, indent, COLUMNS))}\n`);
}

/** Prints the verdict and the figures. */
export function printSummary(report: DrillReport): void {
  const total = report.steps.reduce((sum, { ms }) => sum + ms, 0);
  const held = report.steps.filter(({ ok }) => ok).length;
  const rows: [string, string][] = [
    ["case", `${report.case}, ${report.proxy} proxy`],
    ["steps that held", `${held} of ${report.steps.length}`],
    ["time", `${(total / 1000).toFixed(1)} s`],
    ...Object.entries(report.figures).map(([name, value]): [string, string] => [
      words(name),
      thousands(value),
    ]),
  ];
  stdout.write("\n");
  for (const [name, value] of rows) stdout.write(`  ${name.padEnd(24)}${value.padStart(34)}\n`);
  const verdict = report.ok
    ? styled("green", "The incident is over: fixed, hidden until it was, and disclosed.")
    : styled("red", "The drill stopped at a step that did not hold.");
  stdout.write(`\n${verdict}\n`);
  if (report.files.length > 0) stdout.write(`\nWhat it leaves behind:\n`);
  for (const file of report.files) stdout.write(`  ${file}\n`);
}

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
