import { STAGE_SECONDS } from "../../src/proof/index.js";
import { StageProgress } from "../../src/terminal/index.js";
import { build } from "./build.js";

/** Seconds that a stage takes on two idle cores, for the estimate that progress shows. */
const ESTIMATES: Readonly<Record<string, number>> = {
  ...STAGE_SECONDS,
  "compile contracts": 40,
  "compile verifiers": 5,
};

/** Builds what is missing and shows progress on standard error. */
export async function buildWithProgress(quiet = false): Promise<void> {
  const progress = new StageProgress(quiet);
  try {
    await build((stage, state) =>
      state === "begin" ? progress.begin(stage, ESTIMATES[stage]) : progress.end(stage),
    );
  } finally {
    progress.stop();
  }
}
