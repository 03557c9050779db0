import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Measurement, measure } from "./measure.js";
import { medianRun } from "./median.js";

/** A step of a ceremony, and what it is compared with. */
export interface CeremonyStep {
  readonly what: string;
  readonly own: Measurement;
  /** snarkjs alone, for the same files. */
  readonly other?: { readonly what: string } & Measurement;
  /** What the ratio of seconds, or without another the seconds, should not exceed. */
  readonly goal: number;
}

export interface CeremonyFigures {
  readonly circuit: string;
  readonly runs: number;
  readonly steps: readonly CeremonyStep[];
  /** Peak memory of the largest of our own steps, MB. */
  readonly peakMb: number;
}

/**
 * Steps of a ceremony for one circuit, by this package and by snarkjs in turn, each in a process of its own.
 * @param runs of each step, of which the median counts; snarkjs makes the initial key once.
 */
export async function measureCeremony(
  circuit: "bind" | "bind-small",
  runs: number,
): Promise<CeremonyFigures> {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-bench-"));
  const stage = (name: string, ...more: string[]) =>
    measure(["--import", "tsx", "tools/bench/ceremony-stage.ts", name, folder, circuit, ...more]);
  try {
    await stage("powers");
    const newZkey = await stage("snarkjs-initial-key");
    const checks = await times(runs, () => stage("check-initial-key"));
    await mkdir(join(folder, "ceremony/0000"), { recursive: true });
    await rename(join(folder, "initial.zkey"), join(folder, `ceremony/0000/${circuit}.zkey`));
    await stage("init");
    const contributions: Measurement[] = [];
    const bySnarkjs: Measurement[] = [];
    for (let run = 0; run < runs; run++) {
      bySnarkjs.push(await stage("snarkjs-contribute", String(run)));
      contributions.push(await stage("contribute", `contributor ${run}`));
    }
    await stage("beacon");
    const receipts: Measurement[] = [];
    const keyChecks: Measurement[] = [];
    const verifications: Measurement[] = [];
    const verificationsBySnarkjs: Measurement[] = [];
    for (let run = 0; run < runs; run++) {
      verificationsBySnarkjs.push(await stage("snarkjs-verify", String(runs + 1)));
      receipts.push(await stage("check-successor", String(runs + 1)));
      keyChecks.push(await stage("check-key", String(runs + 1)));
      verifications.push(await stage("verify"));
    }
    const fromInit = medianRun(verificationsBySnarkjs);
    const steps: CeremonyStep[] = [
      {
        what: "contribute",
        own: medianRun(contributions),
        other: { what: "zKey.contribute", ...medianRun(bySnarkjs) },
        goal: 1.15,
      },
      {
        what: "contribution, as received",
        own: medianRun(receipts),
        other: { what: "zKey.verifyFromInit", ...fromInit },
        goal: 1.15,
      },
      {
        what: "key: chain and points",
        own: medianRun(keyChecks),
        other: { what: "zKey.verifyFromInit", ...fromInit },
        goal: 1.15,
      },
      {
        what: "verify, from sources to keys",
        own: medianRun(verifications),
        other: { what: "zKey.verifyFromR1cs", ...sum(newZkey, fromInit) },
        goal: 1.15,
      },
      {
        what: "check of an initial key",
        own: medianRun(checks),
        other: { what: "zKey.newZKey", ...newZkey },
        goal: 0.1,
      },
      { what: "chain of 20 contributions", own: medianRun(await times(runs, () => stage("chain"))), goal: 2 },
      {
        what: "powers of another size",
        own: medianRun(await times(runs, () => stage("other-size"))),
        goal: 0.05,
      },
      {
        what: "powers of another header",
        own: medianRun(await times(runs, () => stage("other-header"))),
        goal: 0.05,
      },
    ];
    return { circuit, runs, steps, peakMb: Math.max(...steps.map(({ own }) => own.peakMb)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The figures as lines for people. */
export function ceremonyLines({ circuit, runs, steps, peakMb }: CeremonyFigures): string[] {
  return [
    `ceremony of ${circuit}: seconds, seconds of all processors, peak memory; medians of ${runs}`,
    ...steps.flatMap(({ what, own, other, goal }) => {
      const ratio = other === undefined ? own.seconds : own.seconds / other.seconds;
      const unit = other === undefined ? "s" : `times ${other.what}`;
      const shown = `${ratio.toFixed(3)} ${unit}, at most ${goal}: ${ratio <= goal ? "yes" : "NO"}`;
      const more = other === undefined ? [] : [`${figures(`  ${other.what}`, other)}`];
      const processors =
        other === undefined
          ? ""
          : `; by processors ${(own.processorSeconds / other.processorSeconds).toFixed(3)}`;
      return [figures(what, own), ...more, `      ${shown}${processors}`];
    }),
    `  largest of our own steps: ${Math.round(peakMb)} MB`,
  ];
}

function figures(label: string, { seconds, processorSeconds, peakMb }: Measurement): string {
  const numbers = [seconds.toFixed(3), processorSeconds.toFixed(1), Math.round(peakMb).toString()];
  return `  ${label.padEnd(32)}${numbers.map((number) => number.padStart(10)).join("")}`;
}

async function times(count: number, work: () => Promise<Measurement>): Promise<Measurement[]> {
  const all: Measurement[] = [];
  for (let run = 0; run < count; run++) all.push(await work());
  return all;
}

/** `verifyFromR1cs` makes the initial key and calls `verifyFromInit`. */
function sum(first: Measurement, second: Measurement): Measurement {
  return {
    seconds: first.seconds + second.seconds,
    processorSeconds: first.processorSeconds + second.processorSeconds,
    peakMb: Math.max(first.peakMb, second.peakMb),
  };
}
