/** Stable, machine-readable error code: `area/what-is-wrong`. */
export type ErrorCode = `${string}/${string}`;

/** The one error type of the checker. It shows itself like the errors of the project whose circuits are checked. */
export class SoundnessError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;
  readonly why: string | undefined;
  readonly remedy: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      details?: Readonly<Record<string, string | number>>;
      why?: string;
      remedy?: string;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SoundnessError";
    this.code = code;
    this.details = options.details ?? {};
    this.why = options.why;
    this.remedy = options.remedy;
  }

  /** The form for machines. */
  toJSON(): Record<string, unknown> {
    const { code, message, why, remedy, details } = this;
    return { code, message, why, remedy, details };
  }
}
