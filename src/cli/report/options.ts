import type { Command } from "commander";
import type { ToldTimes } from "../../report/index.js";
import { usageError } from "../options.js";

/** Times that no chain saw, as they are given. */
export interface TimeOptions {
  readonly found?: string;
  readonly sealed?: string;
  readonly attested?: string;
}

/** Adds what people tell a report. */
export function addTimeOptions(command: Command): Command {
  return command
    .option("--found <time>", "when the bug was found: 2026-03-01T14:05Z; the report says what is not known")
    .option("--sealed <time>", "when the patch was sealed")
    .option("--attested <time>", "when the last attestation came in");
}

/** The times that were told. @throws SealpatchError `cli/usage`. */
export function toldTimes({ found, sealed, attested }: TimeOptions): ToldTimes {
  return {
    found: timeOf("--found", found),
    sealed: timeOf("--sealed", sealed),
    attested: timeOf("--attested", attested),
  };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

function timeOf(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const milliseconds = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (milliseconds >= 0) return BigInt(milliseconds) / 1000n;
  throw usageError(`${option} is no time`, "give date, time and zone, for example 2026-03-01T14:05Z");
}
