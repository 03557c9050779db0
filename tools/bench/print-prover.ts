import type { PartName, ProofPart } from "../../src/proof/prover/index.js";
import { number } from "./number.js";
import type { ProverFigures, ProverRun, Ratio } from "./prover.js";
import type { SumSizes } from "./sum-sizes.js";

const CLASSES = ["points", "zero", "one", "minusOne", "small", "full"] as const satisfies (keyof SumSizes)[];

/** The figures as lines for people. */
export function proverLines({
  circuit,
  runs,
  threads,
  sizes,
  parts,
  provers,
  ratios,
}: ProverFigures): string[] {
  const { wires, domainSize, sums } = sizes;
  return [
    `${circuit}: ${number(wires)} wires, domain of ${number(domainSize)}, ${threads} threads; medians of ${runs}`,
    line("part of a built-in proof", ["wall s", "processor s", "of threads s"]),
    ...merged(parts).map(({ name, wallSeconds, processorSeconds, threadSeconds }) =>
      line(name, [
        wallSeconds.toFixed(3),
        processorSeconds?.toFixed(3) ?? "beside others",
        threadSeconds?.toFixed(3) ?? "",
      ]),
    ),
    "",
    line("scalars of the sums, by size", ["points", "0", "1", "-1", "< 2^64", "full"]),
    ...Object.entries(sums).map(([name, counted]) =>
      line(
        `sum ${name}`,
        CLASSES.map((size) => number(counted[size])),
      ),
    ),
    line("sum H: of the quotient", [number(domainSize), "not counted"]),
    "",
    line("a whole process", ["wall s", "processor s", "peak MB"]),
    ...provers.map(proverLine),
    ...(provers.some(({ name }) => name === "rapidsnark")
      ? []
      : ["  rapidsnark: neither on PATH nor named by SEALPATCH_RAPIDSNARK, not measured"]),
    "",
    ...ratios.map(ratioLine),
  ];
}

function proverLine({ name, seconds, processorSeconds, peakMb }: ProverRun): string {
  const label = name === "rapidsnark" ? "rapidsnark (rest: Node alone)" : name;
  return line(label, [seconds.toFixed(2), processorSeconds.toFixed(1), number(Math.round(peakMb))]);
}

function ratioLine({ what, ratio, byProcessors, unit, goal }: Ratio): string {
  const figures = [`${ratio.toFixed(2)}${unit === undefined ? "" : ` ${unit}`}`];
  if (byProcessors !== undefined) figures.push(`by processors ${byProcessors.toFixed(2)}`);
  if (goal !== undefined) figures.push(`at most ${goal}: ${ratio <= goal ? "yes" : "NO"}`);
  return `  ${what.padEnd(40)}${figures.join(", ")}`;
}

/** Parts of one name as one, in the order in which the first of them ended. */
function merged(parts: readonly ProofPart[]): ProofPart[] {
  const byName = new Map<PartName, ProofPart>();
  for (const part of parts) {
    const before = byName.get(part.name);
    if (before === undefined) {
      byName.set(part.name, part);
      continue;
    }
    const wallSeconds = before.wallSeconds + part.wallSeconds;
    // One that ran beside others leaves the sum unknown.
    const known = before.processorSeconds !== undefined && part.processorSeconds !== undefined;
    const processor = known ? { processorSeconds: before.processorSeconds + part.processorSeconds } : {};
    const threads = [before, part].flatMap(({ threadSeconds = [] }) => threadSeconds);
    const total = threads.length === 0 ? {} : { threadSeconds: threads.reduce((sum, one) => sum + one) };
    byName.set(part.name, { name: part.name, wallSeconds, ...processor, ...total });
  }
  return [...byName.values()];
}

function line(label: string, cells: readonly string[]): string {
  return `  ${label.padEnd(30)}${cells.map((cell) => cell.padStart(15)).join("")}`;
}
