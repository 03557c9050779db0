/** A step of an incident. Times are seconds since the epoch. */
export interface TimelineStep {
  readonly name: string;
  /** Null where nobody told. */
  readonly at: bigint | null;
  /** Seconds since the step before it whose time is known; null where there is none. */
  readonly took: bigint | null;
  /** Whose word the time is. */
  readonly by: "the chain" | "the council" | "nobody";
}

/** A time that is known, or not. */
export type Moment = Pick<TimelineStep, "name" | "at"> & { readonly isOnChain: boolean };

/** Steps in their order, with the time that each took. */
export function timeline(moments: readonly Moment[]): TimelineStep[] {
  let last: bigint | null = null;
  return moments.map(({ name, at, isOnChain }) => {
    const took = at === null || last === null ? null : at - last;
    last = at ?? last;
    return { name, at, took, by: at === null ? "nobody" : isOnChain ? "the chain" : "the council" };
  });
}

const UNITS = [
  ["d", 86_400n],
  ["h", 3_600n],
  ["min", 60n],
  ["s", 1n],
] as const;

/** A duration by its two largest units: `4 h 12 min`. Clocks differ, so that it may be below zero. */
export function shownDuration(seconds: bigint): string {
  if (seconds < 0n) return `-${shownDuration(-seconds)}`;
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "0 s";
  let rest = seconds;
  const words: string[] = [];
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    if (rest / size > 0n) words.push(`${rest / size} ${unit}`);
    rest %= size;
  }
  return words.join(" ");
}

/** The largest time that JavaScript's dates hold, seconds since the epoch. */
const MAX_TIME = 8_640_000_000_000n;

/** A time in UTC, to the second. */
export function shownTime(seconds: bigint): string {
  if (seconds < 0n || seconds > MAX_TIME) return `${seconds} s since 1970`;
  return new Date(Number(seconds) * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");
}
