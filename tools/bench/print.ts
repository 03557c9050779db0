import type { CapacityPrice } from "./capacity.js";
import type { GasFigures } from "./gas.js";
import type { Comparison } from "./hashing.js";
import type { Measurement } from "./measure.js";
import { number } from "./number.js";
import { proverLines } from "./print-prover.js";
import type { ProverFigures } from "./prover.js";
import type { Start } from "./start.js";

/** Everything that a benchmark run found. */
export interface Benchmark {
  machine: { cpu: string; cores: number; memoryGb: number; node: string; platform: string };
  circuits: Record<string, { constraints: number; wires: number; stages: Record<string, Measurement> }>;
  /** What more room in `attest` costs; left out without compilers. */
  capacity?: readonly CapacityPrice[];
  /** Seconds of the steps of a whole drill. */
  drillSeconds: number;
  gas: GasFigures;
  starts: readonly Start[];
  hashing: readonly Comparison[];
  /** What proofs consist of. */
  provers: readonly ProverFigures[];
  /** Commands, each as a whole process. */
  commands: Record<string, Measurement>;
}

/** Lines about starts, for people. */
export function startLines(starts: readonly Start[], title = "starts: whole processes, medians"): string[] {
  return [
    title,
    ...starts.map(({ what, seconds, against, ratio, goal }) => {
      const compared = `${ratio.toFixed(2)} times ${against}`;
      const verdict = `at most ${goal}: ${ratio <= goal ? "yes" : "NO"}`;
      return `  ${what.padEnd(34)}${seconds.toFixed(3).padStart(7)} s  ${compared.padEnd(28)}${verdict}`;
    }),
  ];
}

/** Everything as lines for people, parts apart by empty ones. */
export function lines(result: Benchmark): string[] {
  const { starts, hashing, circuits, capacity = [], provers, commands, drillSeconds, gas } = result;
  const parts = [
    startLines(starts),
    [
      "hashes and signatures: what is used where much is done, and the other implementation",
      ...hashing.map(
        ({ what, used, ms, other, otherMs }) =>
          `  ${what.padEnd(26)}${ms.toFixed(3).padStart(8)} ms ${used.padEnd(20)}${otherMs.toFixed(3).padStart(8)} ms ${other}`,
      ),
    ],
    ...Object.entries(circuits).map(([name, { constraints, wires, stages }]) => [
      `${name}: ${number(constraints)} constraints, ${number(wires)} wires`,
      ...Object.entries(stages).map(
        ([label, { seconds, peakMb }]) =>
          `  ${label.padEnd(20)}${seconds.toFixed(2).padStart(10)} s${number(Math.round(peakMb)).padStart(8)} MB`,
      ),
    ]),
    capacity.length === 0
      ? []
      : [
          "capacity of attest: places, constraints that one more costs, and that twice as many cost",
          ...capacity.map(
            ({ name, places, each, toDouble }) =>
              `  ${name.padEnd(20)}${number(places).padStart(6)}${number(each).padStart(8)} each${number(toDouble).padStart(10)} to double`,
          ),
        ],
    ...provers.map(proverLines),
    [
      "commands: whole processes, and the steps of a drill",
      ...Object.entries(commands).map(
        ([label, { seconds }]) => `  ${label.padEnd(44)}${seconds.toFixed(2).padStart(8)} s`,
      ),
      `  ${"drill".padEnd(44)}${drillSeconds.toFixed(2).padStart(8)} s`,
    ],
    [
      "gas",
      ...Object.entries(gas).map(([label, value]) => {
        const words = label.replace(/([A-Z]|\d+)/g, (part) => ` ${part.toLowerCase()}`);
        return `  ${words.padEnd(40)}${number(value).padStart(12)}`;
      }),
    ],
  ];
  return parts
    .filter(({ length }) => length > 0)
    .flatMap((part, index) => (index === 0 ? part : ["", ...part]));
}

/** The machine in one line. */
export function machineLine({ cpu, cores, memoryGb, platform, node }: Benchmark["machine"]): string {
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}`;
}

/** The page docs/measured.md. */
export function measuredPage(result: Benchmark): string {
  return `# Measured

\`npm run bench -- --write\` writes this page. The machine: ${machineLine(result.machine)}. Where it is shared, absolute times move with what the
neighbours do; compare within one run. The built-in prover's stage includes the check of its key and proof, that of snarkjs does not. \`schedule\`
and \`disclose\` are counted as transactions of their own, from the call inside the Safe's transaction, before refunds.

\`\`\`
${lines(result).join("\n")}
\`\`\`

A key of 2^18 holds 262,144 constraints: what exceeds that takes the next size, with twice the time and memory for key and proof.
`;
}
