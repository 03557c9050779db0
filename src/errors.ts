import type { ErrorCode } from "./error-codes/index.js";

/** Values that explain an error. Never secrets: no salt, private key, sealed code or incident vector. */
export type ErrorDetails = Readonly<Record<string, string | number | bigint | boolean | null>>;

/**
 * The one error type that this package throws on purpose. A caller distinguishes errors by `code`, which is stable
 * between releases (docs/errors.md lists all); `message` says what is wrong, `why` the cause, `remedy` what to do.
 */
export class SealpatchError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly why: string | undefined;
  readonly remedy: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: ErrorDetails; why?: string; remedy?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SealpatchError";
    this.code = code;
    this.details = options.details ?? {};
    this.why = options.why;
    this.remedy = options.remedy;
  }

  /** The form printed by `--json`: bigints become decimal strings. */
  toJSON(): Record<string, unknown> {
    const details = Object.fromEntries(
      Object.entries(this.details).map(([name, value]) => [
        name,
        typeof value === "bigint" ? value.toString() : value,
      ]),
    );
    return { code: this.code, message: this.message, why: this.why, remedy: this.remedy, details };
  }
}
