import { readDisclosureFacts, readStatementSteps, type TimelockClient } from "../chain/index.js";
import { parseDisclosure, type RerunPatch, rerunPatch, verifyDisclosure } from "../patch/index.js";
import type { CompilerChoice } from "../solc/index.js";
import type { RunProgress } from "../vectors/index.js";
import { type IncidentReport, incidentReport, type ReportInputs } from "./data.js";

/** What is read and run for a report, beside what its reader was told. */
export interface ReadingOptions extends CompilerChoice, Pick<ReportInputs, "file" | "told" | "labels"> {
  readonly commitment: bigint;
  /** Where the timelock's logs begin; the first block unless given. */
  readonly fromBlock?: number | undefined;
  /** Where this machine has rebuilt and run the patch already. */
  readonly rerun?: RerunPatch;
  readonly onProgress?: RunProgress;
}

/**
 * A post-incident report of a disclosure file: reads the chain, verifies the file, and runs everything again.
 * @throws SealpatchError as `readDisclosureFacts`, `readStatementSteps`, `verifyDisclosure`, `rerunPatch` and `incidentReport`.
 * @example
 * ```ts
 * const incident = await readReport(timelock, text, { commitment, told: { found: 1_790_000_000n } });
 * await writeFile("report.html", reportHtml(incident));
 * ```
 */
export async function readReport(
  timelock: TimelockClient,
  text: string,
  options: ReadingOptions,
): Promise<IncidentReport> {
  const { commitment, fromBlock, rerun, onProgress, file, told, labels, ...choice } = options;
  const place = { commitment, ...(fromBlock === undefined ? {} : { fromBlock }) };
  const [facts, steps] = [
    await readDisclosureFacts(timelock, place),
    await readStatementSteps(timelock, place),
  ];
  const running = { ...choice, ...(onProgress === undefined ? {} : { onProgress }) };
  const checks = await verifyDisclosure(text, facts, running);
  return incidentReport({
    ...{ text, facts, steps, checks },
    rerun: rerun ?? (await rerunPatch(parseDisclosure(text), facts, running)),
    ...(file === undefined ? {} : { file }),
    ...(told === undefined ? {} : { told }),
    ...(labels === undefined ? {} : { labels }),
  });
}
