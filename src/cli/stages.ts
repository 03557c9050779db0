import type { OnProgress } from "../proof/keys/index.js";
import { StageProgress } from "../terminal/index.js";

/**
 * Does long work of several stages, each shown on standard error with how much of it is done and an estimate of what is left.
 * @param quiet show nothing, for `--json`.
 */
export async function withStages<T>(
  quiet: boolean | undefined,
  work: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  const progress = new StageProgress(quiet);
  let running: string | undefined;
  const end = () => {
    if (running !== undefined) progress.end(running);
    running = undefined;
  };
  try {
    return await work(({ stage, fraction }) => {
      if (stage !== running) {
        end();
        progress.begin(stage);
        running = stage;
      }
      progress.advance(stage, { done: Math.round(fraction * 100), total: 100 });
    });
  } finally {
    end();
    progress.stop();
  }
}
