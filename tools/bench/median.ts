/** The run with the median of the times; the later one of an even count. */
export function medianRun<T extends { readonly seconds: number }>(runs: readonly T[]): T {
  return runs.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)]!;
}

/** The median of some numbers; the upper one of an even count. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
