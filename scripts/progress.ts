import { stderr } from "node:process";

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * Shows stages of long work on standard error: on a terminal one live line with the time elapsed and an estimate,
 * elsewhere nothing until a stage ends. Standard output stays free for results.
 */
export class StageProgress {
  private readonly running = new Map<string, { since: number; estimate: number | undefined }>();
  private timer: NodeJS.Timeout | undefined;

  /** @param quiet show nothing, for `--json`. */
  constructor(private readonly quiet = false) {}

  /** @param estimate seconds that the stage is expected to take on two cores. */
  begin(stage: string, estimate?: number): void {
    this.running.set(stage, { since: performance.now(), estimate });
    if (this.quiet || !stderr.isTTY || this.timer !== undefined) return;
    this.timer = setInterval(() => this.draw(), 500);
    this.timer.unref();
  }

  /** Ends a stage, and leaves a line about it where it took two seconds or more. */
  end(stage: string): void {
    const since = this.running.get(stage)?.since ?? performance.now();
    this.finish(stage);
    const elapsed = performance.now() - since;
    if (!this.quiet && elapsed >= 2000) stderr.write(`  ${stage}: ${seconds(elapsed)}\n`);
  }

  /** Ends a stage whose result the caller prints himself. */
  finish(stage: string): void {
    this.running.delete(stage);
    this.clear();
    if (this.running.size === 0) this.stop();
  }

  /** Ends the live line, whatever still runs. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.clear();
  }

  private draw(): void {
    const now = performance.now();
    const parts = [...this.running]
      .filter(([, { since }]) => now - since > 1000)
      .map(([stage, { since, estimate }]) => {
        const about = estimate === undefined ? "" : ` of about ${estimate} s`;
        return `${stage} ${Math.floor((now - since) / 1000)} s${about}`;
      });
    if (parts.length === 0) return;
    this.clear();
    stderr.write(`  ${parts.join(" | ")}`.slice(0, (stderr.columns ?? 80) - 1));
  }

  private clear(): void {
    if (!this.quiet && stderr.isTTY) stderr.write("\r\x1b[2K");
  }
}
