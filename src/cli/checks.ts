import { print, type Style, styled, wrap } from "../terminal/index.js";
import { EXIT } from "./run.js";

/** A line of a verification. */
export interface CheckLine {
  readonly name: string;
  readonly outcome: "holds" | "fails" | "not checked" | "test only";
  readonly detail: string;
  /** What to do where it does not hold. */
  readonly remedy?: string;
}

const STYLES: Readonly<Record<CheckLine["outcome"], Style>> = {
  holds: "green",
  fails: "red",
  "not checked": "yellow",
  "test only": "yellow",
};

const INDENT = " ".repeat(13);

/** Prints each check: its outcome and name, and below it what was found and what to do. */
export function printChecks(checks: readonly CheckLine[]): void {
  for (const { name, outcome, detail, remedy } of checks) {
    const shown = wrap(name, INDENT).slice(INDENT.length);
    print(`${styled(STYLES[outcome], outcome.padEnd(11))}  ${shown}`);
    print(wrap(detail, INDENT));
    if (remedy !== undefined) print(wrap(`to do: ${remedy}`, INDENT));
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
