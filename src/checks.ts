import { SealpatchError } from "./errors.js";

/**
 * What came of a check. What could not be looked at is neither: a program that verifies exits with 0 where all hold, with 1 where one
 * fails, and else with 2.
 */
export type Outcome = "holds" | "fails" | "not checked";

/** One line of a verification. */
export interface Check {
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail: string;
}

/** Errors of the machine that checks, not of what it checks. */
const WITHOUT_COMPILER: ReadonlySet<string> = new Set([
  "code/no-compiler",
  "code/other-compiler",
  "code/compiler-stopped",
]);

/**
 * The lines of a verification, in order. A line that does not hold because another one fails is not checked, and names it: of one false
 * part, one line fails.
 */
export class CheckList {
  readonly checks: Check[] = [];
  /** Lines that fail or wait, with the line that fails. */
  readonly #blamed = new Map<string, string>();

  /**
   * Makes a check.
   * @param test says what was found, and throws where it does not hold.
   * @param needs names of earlier lines, whose parts this one takes for granted.
   */
  async check(
    name: string,
    test: () => Promise<string> | string,
    needs: readonly string[] = [],
  ): Promise<void> {
    try {
      this.checks.push({ name, outcome: "holds", detail: await test() });
    } catch (error) {
      const cause = needs.map((need) => this.#blamed.get(need)).find((line) => line !== undefined);
      const { outcome, detail } = cause === undefined ? findingOf(error) : waiting(cause);
      if (cause !== undefined || outcome === "fails") this.#blamed.set(name, cause ?? name);
      this.checks.push({ name, outcome, detail });
    }
  }
}

function waiting(line: string): Omit<Check, "name"> {
  return { outcome: "not checked", detail: `waits for: ${line}` };
}

function findingOf(error: unknown): Omit<Check, "name"> {
  // What a library says may be anything; what this package says is written for readers.
  if (!(error instanceof SealpatchError)) return { outcome: "fails", detail: "the check broke off" };
  const { code, message, remedy } = error;
  if (code === "patch/not-checked") return { outcome: "not checked", detail: message };
  if (WITHOUT_COMPILER.has(code))
    return { outcome: "not checked", detail: remedy === undefined ? message : `${message}: ${remedy}` };
  return { outcome: "fails", detail: message };
}

/** What a check throws that does not hold. */
export function fails(message: string): SealpatchError {
  return new SealpatchError("patch/check-fails", message);
}

/** What a check throws that cannot be made. */
export function notChecked(message: string): SealpatchError {
  return new SealpatchError("patch/not-checked", message);
}

/** That two values are the same. @throws SealpatchError `patch/check-fails`. */
export function agrees<T extends string | bigint>(what: string, actual: T, expected: T): string {
  if (actual === expected) return `${what} agrees`;
  throw fails(`${what} differs`);
}
