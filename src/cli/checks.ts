import { print, type Style, styled, wrap } from "../terminal/index.js";
import { EXIT } from "./run.js";

/** A line of a verification. */
export interface CheckLine {
  readonly name: string;
  readonly outcome: "holds" | "fails" | "not checked" | "test only";
  readonly detail: string;
}

const STYLES: Readonly<Record<CheckLine["outcome"], Style>> = {
  holds: "green",
  fails: "red",
  "not checked": "yellow",
  "test only": "yellow",
};

/** Prints each check: its outcome and name, and below it what was found. */
export function printChecks(checks: readonly CheckLine[]): void {
  for (const { name, outcome, detail } of checks) {
    print(`${styled(STYLES[outcome], outcome.padEnd(11))}  ${name}`);
    print(wrap(detail, " ".repeat(13)));
  }
}

/** Whether any check fails or could not be made: silence is no yes. */
export function areOpen(checks: readonly CheckLine[]): boolean {
  return exitCodeOf(checks) !== EXIT.done;
}

/** What a command that verifies exits with: the first of a check that fails, one that could not be made, and neither. */
export function exitCodeOf(checks: readonly CheckLine[]): number {
  if (checks.some(({ outcome }) => outcome === "fails")) return EXIT.refused;
  return checks.some(({ outcome }) => outcome === "not checked") ? EXIT.undecided : EXIT.done;
}
