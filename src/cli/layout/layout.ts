import { diffLayouts } from "../../layout/index.js";
import { printJson } from "../../terminal/index.js";
import { EXIT } from "../run.js";
import { type DiffOptions, type LayoutOptions, loadBoth, loadLayout } from "./load.js";
import { diffAsJson, showAsJson, showDiff, showLayout } from "./print.js";

/** `layout show`. */
export async function show(contract: string, options: LayoutOptions): Promise<void> {
  const loaded = await loadLayout(contract, options);
  if (options.json) printJson(showAsJson(loaded));
  else showLayout(loaded);
}

const EXIT_OF_VERDICT = {
  preserved: EXIT.done,
  broken: EXIT.refused,
  "does-not-fit": EXIT.undecided,
} as const;

/** `layout diff`. */
export async function diff(old: string, next: string, options: DiffOptions): Promise<void> {
  // Until the judges have spoken: an error is no verdict.
  process.exitCode = EXIT.undecided;
  const [before, after] = await loadBoth(old, next, options);
  const result = diffLayouts(before, after);
  if (options.json) printJson(diffAsJson(result));
  else showDiff(before, after, result);
  process.exitCode = EXIT_OF_VERDICT[result.verdict];
}
