// Times, durations and numbers as readers have them, by Intl. Seconds since the epoch, by the chain's clock.

/** The language of `text.ts`. */
const LANGUAGE = "en-GB";

const DATE = { dateStyle: "medium", timeStyle: "short" } as const;

/** A time in the reader's zone and in UTC. */
export function moment(seconds: bigint | number, timeZone?: string): string {
  const date = new Date(Number(seconds) * 1000);
  // No contract writes a time that has no date; a node that lies may.
  if (Number.isNaN(date.getTime())) return `${seconds}`;
  const here = new Intl.DateTimeFormat(LANGUAGE, {
    ...DATE,
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const utc = new Intl.DateTimeFormat(LANGUAGE, { ...DATE, timeZone: "UTC" });
  const zone = here.resolvedOptions().timeZone;
  return zone === "UTC"
    ? `${utc.format(date)} UTC`
    : `${here.format(date)} (${zone}; ${utc.format(date)} UTC)`;
}

/** A duration in two units at most, the smaller part left out: `2 days 4 hours`. */
export function duration(seconds: bigint | number): string {
  const whole = Math.max(0, Math.floor(Number(seconds)));
  const [days, hours, minutes] = [86_400, 3600, 60].map((unit) => Math.floor(whole / unit)) as [
    number,
    number,
    number,
  ];
  if (minutes === 0) return unit(whole, "second");
  if (hours === 0) return unit(minutes, "minute");
  if (days === 0) return both(unit(hours, "hour"), minutes % 60, "minute");
  return both(unit(days, "day"), hours % 24, "hour");
}

/** A number with its digits in groups. */
export function count(number: bigint | number): string {
  return new Intl.NumberFormat(LANGUAGE).format(number);
}

function both(larger: string, rest: number, name: string): string {
  return rest === 0 ? larger : `${larger} ${unit(rest, name)}`;
}

function unit(number: number, name: string): string {
  return new Intl.NumberFormat(LANGUAGE, { style: "unit", unit: name, unitDisplay: "long" }).format(number);
}
