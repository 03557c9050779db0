import { print, type Style, styled, wrap } from "../terminal/index.js";

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
    print(`${styled(STYLES[outcome], outcome.padEnd(11))}  ${name}`);
    print(wrap(detail, INDENT));
    if (remedy !== undefined) print(wrap(`to do: ${remedy}`, INDENT));
  }
}

/** Whether any check fails or could not be made: silence is no yes. */
export function areOpen(checks: readonly CheckLine[]): boolean {
  return checks.some(({ outcome }) => outcome === "fails" || outcome === "not checked");
}
