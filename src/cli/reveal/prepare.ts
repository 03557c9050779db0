import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { TimelockClient } from "../../chain/index.js";
import { prepareHashing } from "../../field/index.js";
import { prepareDisclosure, type RevealedFile, type ScheduleMember, targetOn } from "../../lane/index.js";
import { decryptBundle, type Target } from "../../patch/index.js";
import { proxyOf, readPolicy } from "../../project/index.js";
import { readReport } from "../../report/index.js";
import { withProgress } from "../../terminal/index.js";
import { codeOf } from "../../whole-file.js";
import { readInputText } from "../input-file.js";
import type { Connection, SendingOptions } from "../lane/account.js";
import { usageError } from "../options.js";
import { auditorLabels, type MemberOptions } from "../prove/member.js";
import { type TimeOptions, toldTimes } from "../report/options.js";
import { writeReports } from "../report/write.js";
import { type RevealingFiles, revealingFiles } from "./files.js";
import { printPrepared } from "./print.js";

export interface RevealOptions extends SendingOptions, MemberOptions, TimeOptions {
  readonly uri: readonly string[];
  readonly out: string;
  readonly solc?: readonly string[];
}

/** A disclosure with what people call its auditors, and the target that was executed. */
export interface Revealed extends RevealedFile {
  readonly labels: readonly string[];
  readonly target: Target;
}

/** The files of a command line. @throws SealpatchError `cli/usage`, and as `revealingFiles`. */
export async function filesToReveal(
  files: readonly string[],
  { uri: uris, ...options }: RevealOptions,
): Promise<RevealingFiles> {
  toldTimes(options);
  const named = await revealingFiles(files);
  if (uris.length !== named.schedule.length)
    throw usageError(
      `there are ${named.schedule.length} statements, and ${uris.length} places of their files`,
      "give one --uri for each statement, in the order of the schedule",
    );
  return named;
}

/** The targets of a schedule on the timelock that is meant. @throws SealpatchError as `targetOn`. */
export function targetsToReveal(
  schedule: readonly ScheduleMember[],
  chainId: bigint,
  reader: TimelockClient,
): Target[] {
  return schedule.map(({ targets }) => targetOn(targets, { chainId, timelock: reader.address }));
}

/** Makes every disclosure, and checks it as the public will. @param identity opens the bundles. */
export async function prepareToReveal(
  { bundles, schedule, attestations }: RevealingFiles,
  identity: string,
  { out, uri: uris, json, solc = [] }: RevealOptions,
  { project, chain, chainId }: Connection,
  reader: TimelockClient,
): Promise<Revealed[]> {
  await prepareHashing();
  const { block: fromBlock } = project.configuration.chains[chain]!;
  const targets = targetsToReveal(schedule, chainId, reader);
  const revealed: Revealed[] = [];
  for (const [index, scheduled] of schedule.entries()) {
    const target = targets[index]!;
    const file = join(out, schedule.length === 1 ? "disclosure.json" : `disclosure-${index + 1}.json`);
    const policy = await readPolicy(project, proxyOf(project, target));
    const bundle = await decryptBundle(bundles[index]!, identity);
    const executed = { bundle, scheduled, policy, uri: uris[index]!, kept: await keptText(file) };
    const prepared = await withProgress("check", json, (onProgress) =>
      prepareDisclosure(reader, executed, attestations, { fromBlock, compilers: solc, onProgress }),
    );
    revealed.push({ prepared, file, target, labels: await auditorLabels(project, policy.auditors) });
  }
  return revealed;
}

/** Shows every disclosure. */
export function printAllPrepared(revealed: readonly Revealed[], connection: Connection): void {
  for (const one of revealed) printPrepared({ ...one, proxy: one.target.proxy, connection });
}

/** Writes the report beside each disclosure. @returns the names of what was written. */
export async function reportRevealed(
  revealed: readonly Revealed[],
  options: RevealOptions,
  { project, chain }: Connection,
  reader: TimelockClient,
): Promise<string[]> {
  const { json, solc = [] } = options;
  const { block: fromBlock } = project.configuration.chains[chain]!;
  const told = toldTimes(options);
  const reports: string[] = [];
  for (const { prepared, file, labels } of revealed) {
    const { text, parts, rerun } = prepared;
    const reading = { commitment: parts.commitment, fromBlock, told, labels, rerun, compilers: solc };
    const incident = await withProgress("report", json, () =>
      readReport(reader, text, { ...reading, file: basename(file) }),
    );
    reports.push(...(await writeReports(file, incident)));
  }
  return reports;
}

/** The text that an earlier run wrote. @throws SealpatchError `cli/unreadable-file`. */
async function keptText(file: string): Promise<string | undefined> {
  const there = await readFile(file).catch(codeOf);
  return there === "ENOENT" ? undefined : readInputText(file);
}
