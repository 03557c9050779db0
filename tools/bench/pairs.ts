import { spawnSync } from "node:child_process";
import { ROOT } from "../../src/places.js";
import { median } from "./median.js";

/** What a process takes, and how that compares with another one. */
export interface Pair {
  /** Median of whole processes, seconds. */
  readonly seconds: number;
  /** Median of the ratios of neighbouring runs. */
  readonly ratio: number;
}

/** Arguments of a node, for each run. */
type Arguments = (run: number) => readonly string[];

/** Measures two processes in turn, each first as often, so that both see the same machine. @throws Error with what a process said that failed. */
export function measurePairs(own: Arguments, other: Arguments, runs: number): Pair {
  const [seconds, ratios]: [number[], number[]] = [[], []];
  for (let run = 0; run <= runs; run++) {
    const pair = [() => secondsOf(own(run)), () => secondsOf(other(run))];
    const inTurn = (run % 2 === 0 ? pair : pair.toReversed()).map((measured) => measured());
    const [taken, base] = (run % 2 === 0 ? inTurn : inTurn.toReversed()) as [number, number];
    // The first pair warms the caches up.
    if (run === 0) continue;
    seconds.push(taken);
    ratios.push(taken / base);
  }
  return { seconds: median(seconds), ratio: median(ratios) };
}

function secondsOf(args: readonly string[]): number {
  const since = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return (performance.now() - since) / 1000;
}
