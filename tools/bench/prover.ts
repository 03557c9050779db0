import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProver, type ProofPart } from "../../src/proof/prover/index.js";
import { type Measurement, measure } from "./measure.js";
import { median, medianRun } from "./median.js";
import type { SumSizes } from "./sum-sizes.js";

/** What a process found that made proofs one after the other. */
export interface ProofFigures {
  readonly threads: number;
  readonly proofs: readonly Times[];
  /** Of all of them, as they ended. */
  readonly parts: readonly ProofPart[];
}

export interface SumFigures {
  readonly wires: number;
  readonly domainSize: number;
  readonly sums: Readonly<Record<"A" | "B1" | "B2" | "C", SumSizes>>;
}

/** A program that proves, in a process of its own: medians of its runs. */
export interface ProverRun extends Measurement {
  readonly name: "built-in" | "snarkjs" | "rapidsnark";
}

/** What is compared. The goals are for `attest` on two cores. */
export interface Ratio {
  readonly what: string;
  /** Median of the ratios of neighbouring runs; of processor seconds, too, where they are known. */
  readonly ratio: number;
  readonly byProcessors?: number;
  readonly unit?: string;
  readonly goal?: number;
}

export interface ProverFigures {
  readonly circuit: "attest" | "bind";
  readonly runs: number;
  readonly threads: number;
  readonly sizes: SumFigures;
  /** Of the run with the median time. */
  readonly parts: readonly ProofPart[];
  readonly provers: readonly ProverRun[];
  readonly ratios: readonly Ratio[];
}

const GOALS = { snarkjs: 0.4, rapidsnark: 2.5, second: 0.85, peakGb: 0.8 } as const;

type Run = Measurement & { readonly found: ProofFigures };

/**
 * What a proof of a circuit consists of and takes, with the built-in prover and, to compare, with snarkjs and rapidsnark where it is found.
 * @param runs of each; the first comes first in every other one.
 */
export async function measureProver(circuit: "attest" | "bind", runs: number): Promise<ProverFigures> {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-bench-"));
  const file = join(folder, "found.json");
  const stage = async (name: string): Promise<Run> => {
    const measured = await measure(["--import", "tsx", "tools/bench/prover-stage.ts", name, circuit, file]);
    return { ...measured, found: JSON.parse(await readFile(file, "utf8")) };
  };
  try {
    const sizes = (await stage("sizes")).found as unknown as SumFigures;
    const others = findProver().name === "rapidsnark" ? ["snarkjs", "rapidsnark"] : ["snarkjs"];
    const names = ["built-in", ...others, "twice"];
    const taken: Record<string, Run[]> = Object.fromEntries(names.map((name) => [name, []]));
    for (let run = 0; run < runs; run++) {
      for (const name of run % 2 === 0 ? names : names.toReversed()) taken[name]!.push(await stage(name));
    }
    const own = taken["built-in"]!;
    const typical = medianRun(own);
    const proof = (index: number) => taken.twice!.map(({ found }) => found.proofs[index]!);
    const ratios: Ratio[] = [
      compared("built-in / snarkjs", own, taken.snarkjs!, GOALS.snarkjs),
      ...("rapidsnark" in taken ? [againstRapidsnark(own, taken.rapidsnark!)] : []),
      compared("second proof / first, in one process", proof(1), proof(0), GOALS.second),
      { what: "peak memory", ratio: typical.peakMb / 1000, unit: "GB", goal: GOALS.peakGb },
    ];
    return {
      circuit,
      runs,
      threads: typical.found.threads,
      sizes,
      parts: typical.found.parts,
      provers: ["built-in", ...others].map((name) => {
        const { seconds, processorSeconds, peakMb } = medianRun(taken[name]!);
        return { name: name as ProverRun["name"], seconds, processorSeconds, peakMb };
      }),
      ratios: circuit === "attest" ? ratios : ratios.map(({ goal: _, ...ratio }) => ratio),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Times = Pick<Measurement, "seconds" | "processorSeconds">;

function compared(what: string, own: readonly Times[], other: readonly Times[], goal: number): Ratio {
  const ratio = (unit: keyof Times) => median(own.map((run, index) => run[unit] / other[index]![unit]));
  return { what, ratio: ratio("seconds"), byProcessors: ratio("processorSeconds"), goal };
}

/** By time alone: a process's own figures do not hold those of the program that it started. */
function againstRapidsnark(own: readonly Times[], other: readonly Times[]): Ratio {
  const { byProcessors: _, ...ratio } = compared("built-in / rapidsnark", own, other, GOALS.rapidsnark);
  return ratio;
}
