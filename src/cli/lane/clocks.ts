/** The two clocks that a time is told by, seconds since the epoch. */
export interface Clocks {
  /** Of the newest block: what the contract goes by. */
  readonly chain: bigint;
  /** Of this machine. */
  readonly machine: bigint;
}

/** From which difference on both are told, in seconds: blocks come seconds apart. */
const APART = 60n;

const absolute = (seconds: bigint): bigint => (seconds < 0n ? -seconds : seconds);

/** This machine's clock beside the chain's. */
export function clocksAt(chain: bigint, now = Date.now()): Clocks {
  return { chain, machine: BigInt(Math.floor(now / 1000)) };
}

/** Whether the clocks differ by more than blocks do. */
export function areApart({ chain, machine }: Clocks): boolean {
  return absolute(chain - machine) >= APART;
}

/** A duration in two units at most, the smaller part left out: `45 s`, `12 min`, `3 h 12 min`, `5 d 3 h`. */
export function shownDuration(seconds: bigint): string {
  const [minutes, hours, days] = [seconds / 60n, seconds / 3600n, seconds / 86_400n];
  if (minutes === 0n) return `${seconds} s`;
  if (hours === 0n) return `${minutes} min`;
  if (days < 2n) return `${hours} h ${minutes % 60n} min`;
  return `${days} d ${hours % 24n} h`;
}

/** A time as people read it, to the minute. */
export function shownMinute(seconds: bigint): string {
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** How far a time is: `in 3 h 12 min (2026-11-26 06:40 UTC)`; by both clocks where these differ. */
export function countdown(time: bigint, clocks: Clocks): string {
  const by = (clock: bigint) =>
    time >= clock ? `in ${shownDuration(time - clock)}` : `${shownDuration(clock - time)} ago`;
  const relative = areApart(clocks)
    ? `${by(clocks.chain)} by the chain, ${by(clocks.machine)} by this clock`
    : by(clocks.chain);
  return `${relative} (${shownMinute(time)})`;
}

/** Seconds until a time, below 0 where it is past, by both clocks. */
export function secondsLeft(time: bigint, { chain, machine }: Clocks): { chain: number; machine: number } {
  return { chain: Number(time - chain), machine: Number(time - machine) };
}
