import { StageProgress } from "../../src/terminal/index.js";
import { build } from "./build.js";

/** Seconds that a stage takes on two idle cores, for the estimate that progress shows. */
const ESTIMATES: Record<string, number> = {
  "compile circuit attest": 150,
  "compile circuit bind": 60,
  "compile contracts": 40,
  "development key of attest": 20,
  "development key of bind": 5,
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
