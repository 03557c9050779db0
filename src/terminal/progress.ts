import { stderr } from "node:process";

/** Stages that take less are not worth a line. */
const WORTH_A_LINE = 2000;

interface RunningStage {
  readonly since: number;
  /** Seconds that the stage is expected to take. */
  readonly estimate: number | undefined;
  /** How much of it is done, where it is counted. */
  count: { done: number; total: number } | undefined;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * Shows stages of long work on standard error: on a terminal one live line with the time elapsed and an estimate,
 * elsewhere nothing until a stage ends. Standard output stays free for results.
 */
export class StageProgress {
  readonly #running = new Map<string, RunningStage>();
  #timer: NodeJS.Timeout | undefined;

  readonly #quiet: boolean;

  /** @param quiet show nothing, for `--json`. */
  constructor(quiet = false) {
    this.#quiet = quiet;
  }

  /** @param estimate seconds that the stage is expected to take on two cores. */
  begin(stage: string, estimate?: number): void {
    this.#running.set(stage, { since: performance.now(), estimate, count: undefined });
    if (this.#quiet || !stderr.isTTY || this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#draw(), 500);
    this.#timer.unref();
  }

  /** Says how much of a stage is done; what is left is estimated from it. */
  advance(stage: string, count: { done: number; total: number }): void {
    const running = this.#running.get(stage);
    if (running !== undefined) running.count = count;
  }

  /** Ends a stage, and leaves a line about it where it took two seconds or more. */
  end(stage: string): void {
    const since = this.#running.get(stage)?.since ?? performance.now();
    this.finish(stage);
    const elapsed = performance.now() - since;
    if (!this.#quiet && elapsed >= WORTH_A_LINE) stderr.write(`  ${stage}: ${seconds(elapsed)}\n`);
  }

  /** Ends a stage whose result the caller prints. */
  finish(stage: string): void {
    this.#running.delete(stage);
    this.#clear();
    if (this.#running.size === 0) this.stop();
  }

  /** Ends the live line, whatever still runs. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#clear();
  }

  #draw(): void {
    const now = performance.now();
    const parts = [...this.#running]
      .filter(([, { since }]) => now - since > WORTH_A_LINE / 2)
      .map(([stage, running]) => describeStage(stage, running, now));
    if (parts.length === 0) return;
    this.#clear();
    stderr.write(`  ${parts.join(" | ")}`.slice(0, (stderr.columns ?? 80) - 1));
  }

  #clear(): void {
    if (!this.#quiet && stderr.isTTY) stderr.write("\r\x1b[2K");
  }
}

/**
 * Does work that may take long while a line on standard error says how far it is, on a terminal only.
 * @param quiet show nothing, for `--json`.
 */
export async function withProgress<T>(
  stage: string,
  quiet: boolean | undefined,
  work: (advance: (count: { done: number; total: number }) => void) => Promise<T>,
): Promise<T> {
  const progress = new StageProgress(quiet);
  progress.begin(stage);
  try {
    return await work((count) => progress.advance(stage, count));
  } finally {
    progress.finish(stage);
  }
}

function describeStage(stage: string, { since, estimate, count }: RunningStage, now: number): string {
  const elapsed = (now - since) / 1000;
  const whole =
    count === undefined || count.done === 0 ? estimate : Math.ceil((elapsed / count.done) * count.total);
  const counted = count === undefined ? "" : ` ${count.done} of ${count.total},`;
  return `${stage}${counted} ${Math.floor(elapsed)} s${whole === undefined ? "" : ` of about ${whole} s`}`;
}
