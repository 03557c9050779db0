import type { ErrorCode } from "../error-codes/index.js";
import { SealpatchError } from "../errors.js";

/** A line of the doctor: what was looked at and what was found. Whatever does not hold says what to do. */
export type Finding =
  | { readonly name: string; readonly outcome: "holds"; readonly detail: string }
  | OpenFinding;

/** A line that does not hold, or that nobody could look at. */
export interface OpenFinding {
  readonly name: string;
  readonly outcome: "fails" | "not checked";
  readonly detail: string;
  readonly remedy: string;
  /** Of the error that was found, where it was one. */
  readonly code?: ErrorCode;
}

/** What a look finds: why it holds; why not, or why nobody can tell, and what to do. */
export type Seen =
  | string
  | { readonly fails: string; readonly remedy: string; readonly code?: ErrorCode }
  | { readonly unknown: string; readonly remedy: string; readonly code?: ErrorCode };

/** What an error says where nobody could look, in words of this package: that of a node may quote the node. */
const UNANSWERED: Readonly<Partial<Record<ErrorCode, string>>> = {
  "chain/rejected": "the node refuses the question",
  "chain/reverted": "the contract refuses the question",
  "chain/unknown-chain": "the node does not say which chain it serves",
  "chain/unreachable": "the node does not answer",
  "chain/unsupported-method": "the node does not offer that",
};

/** Whether an error says that a node gave no answer, and nothing about what it was asked. */
export function isUnanswered(error: unknown): error is SealpatchError {
  return error instanceof SealpatchError && UNANSWERED[error.code] !== undefined;
}

/** What an error found: nothing where a node gave no answer. @throws what is no error of this package. */
export function seenIn(error: unknown): Exclude<Seen, string> {
  if (!(error instanceof SealpatchError)) throw error;
  const { code, message, why, remedy = `read what docs/errors.md says of ${code}` } = error;
  const unanswered = UNANSWERED[code];
  if (unanswered !== undefined)
    return { unknown: unanswered, remedy: "ask another node, or ask again later", code };
  return { fails: why === undefined ? message : `${message}: ${why}`, remedy, code };
}

/** The lines of an examination, in the order in which they were looked at. */
export class Lines {
  readonly findings: Finding[] = [];
  /** For a line that was not looked at because of another, that other one. */
  readonly #causes = new Map<string, string>();

  /**
   * Makes a line.
   * @param waitsFor names of lines that must hold before anybody can look; one that was never made does not hold.
   * @param look finds nothing where it leads to lines of its own.
   * @returns whether it holds.
   */
  async add(
    name: string,
    waitsFor: readonly string[],
    look: () => Seen | undefined | Promise<Seen | undefined>,
  ): Promise<boolean> {
    const open = waitsFor.find((other) => !this.holds(other));
    if (open !== undefined) {
      const cause = this.#causes.get(open) ?? open;
      this.#causes.set(name, cause);
      return this.#put(name, { unknown: `it waits for: ${cause}`, remedy: `see to "${cause}" first` });
    }
    try {
      const seen = await look();
      return seen === undefined || this.#put(name, seen);
    } catch (error) {
      return this.#put(name, seenIn(error));
    }
  }

  holds(name: string): boolean {
    const found = this.findings.filter((finding) => finding.name === name);
    return found.length > 0 && found.every(({ outcome }) => outcome === "holds");
  }

  #put(name: string, seen: Seen): boolean {
    if (typeof seen === "string") {
      this.findings.push({ name, outcome: "holds", detail: seen });
      return true;
    }
    const { remedy, code } = seen;
    const rest = { remedy, ...(code === undefined ? {} : { code }) };
    this.findings.push(
      "fails" in seen
        ? { name, outcome: "fails", detail: seen.fails, ...rest }
        : { name, outcome: "not checked", detail: seen.unknown, ...rest },
    );
    return false;
  }
}
