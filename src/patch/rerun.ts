import { notChecked } from "../checks.js";
import type { CompilerChoice } from "../solc/index.js";
import { type Hex, judgeSet, type Report, type RunProgress, report, runVectors } from "../vectors/index.js";
import type { DisclosureFacts } from "./disclosure.js";
import type { Disclosure } from "./disclosure-file.js";
import { type RebuiltPatch, rebuildExecuted } from "./rebuild.js";

/** An executed patch, rebuilt and run by this machine. */
export interface RerunPatch {
  readonly patch: RebuiltPatch;
  /** What every vector does on it, and each incident on the code that it replaced. */
  readonly results: Report;
  /** Whether each baseline vector passes on the replaced code, in leaf order. */
  readonly before: readonly boolean[];
}

/**
 * Rebuilds an executed patch from its sources and runs all vectors again, as `verifyDisclosure` does, and judges nothing.
 * @param facts what the chain says of the execution.
 * @throws SealpatchError as `rebuildPatch` and `report`; `patch/not-checked` where the node does not have the replaced code.
 * @example
 * ```ts
 * const { patch, results } = await rerunPatch(parseDisclosure(text), facts);
 * console.log(`${patch.code.code.length} bytes, ${results.waived.length} vectors waived`);
 * ```
 */
export async function rerunPatch(
  { bundle, baseline }: Pick<Disclosure, "bundle" | "baseline">,
  { replaced, signals }: Pick<DisclosureFacts, "replaced" | "signals">,
  { onProgress, ...choice }: CompilerChoice & { readonly onProgress?: RunProgress } = {},
): Promise<RerunPatch> {
  const { code, implementation } = replaced;
  if (code === null) throw notChecked(`the node does not have the code of ${implementation}`);
  const patch = await rebuildExecuted(bundle, choice);
  const currentCode = { code, address: implementation as Hex };
  const results = await report({
    baseline,
    incidents: bundle.incidents,
    currentCode,
    patchCode: patch.code,
    maxWaivers: Number(signals.maxWaivers),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const { vectors } = judgeSet(baseline, [await runVectors(baseline, currentCode)]);
  return { patch, results, before: vectors.map(({ passes }) => passes[0]!) };
}
