import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type DisclosureParts,
  type ExecutionFacts,
  readDisclosureFacts,
  readExecutionFacts,
  readStatementSteps,
  type SendTransaction,
  type TimelockClient,
} from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import {
  type Check,
  type DisclosureFacts,
  disclosureHash,
  disclosureText,
  type PatchBundle,
  type PatchPolicy,
  type RerunPatch,
  rerunPatch,
  shownOpening,
  verifyDisclosure,
} from "../patch/index.js";
import type { CompilerChoice } from "../solc/index.js";
import type { RunProgress } from "../vectors/index.js";
import { codeOf, refusalOf, writeWhole } from "../whole-file.js";
import { type JudgedAttestation, judgeAttestations, type NamedAttestation } from "./attendance.js";
import type { ScheduleMember } from "./schedule-file.js";

/** An executed patch, as the council has it. */
export interface ExecutedPatch {
  readonly bundle: PatchBundle;
  /** What was scheduled of it. */
  readonly scheduled: ScheduleMember;
  /** As it was when the statement was scheduled. */
  readonly policy: Pick<PatchPolicy, "baseline" | "auditors">;
  /** Where the file will be found. */
  readonly uri: string;
  /** The text that an earlier run wrote: it is taken as it is. */
  readonly kept?: string | undefined;
}

/** How a disclosure is prepared. */
export interface RevealOptions extends CompilerChoice {
  /** Where the timelock's logs begin; the first block unless given. */
  readonly fromBlock?: number | undefined;
  readonly onProgress?: RunProgress;
}

/** A disclosure that holds, before or after it is published. */
export interface PreparedDisclosure {
  readonly facts: ExecutionFacts;
  /** Of the file that is published. */
  readonly text: string;
  readonly parts: DisclosureParts;
  /** Whether the chain has this very disclosure. */
  readonly isPublished: boolean;
  /** What was made of the attestations; nothing of those that an earlier run took. */
  readonly judged: readonly JudgedAttestation[];
  /** All that the public will check: each holds, or needs a node with more state. */
  readonly checks: readonly Check[];
  readonly rerun: RerunPatch;
}

/**
 * Makes the disclosure of an executed patch, and checks it as the public will, before anything of it is shown.
 * @param attestations all that came in: those for this statement are taken, one an auditor.
 * @throws SealpatchError `lane/not-executed`, `lane/other-bundle`, `lane/too-few-attestations`, `lane/other-disclosure`,
 *   `lane/not-disclosable`; as `readDisclosureFacts`, `rerunPatch` and `verifyDisclosure`.
 * @example
 * ```ts
 * const [scheduled] = parseSchedule(await readFile("schedule.json", "utf8"));
 * const named = attestations.map((attestation, index) => ({ name: `attestation ${index}`, attestation }));
 * const executed = { bundle, scheduled: scheduled!, policy, uri: "https://example.org/disclosure.json" };
 * const { checks } = await prepareDisclosure(timelock, executed, named);
 * console.log(`${checks.length} checks`);
 * ```
 */
export async function prepareDisclosure(
  timelock: TimelockClient,
  executed: ExecutedPatch,
  attestations: readonly NamedAttestation[],
  { fromBlock, onProgress, ...choice }: RevealOptions = {},
): Promise<PreparedDisclosure> {
  const { bundle, scheduled, policy, uri, kept } = executed;
  const { commitment } = scheduled.attest.statement;
  const place = { commitment, ...(fromBlock === undefined ? {} : { fromBlock }) };
  const state = await timelock.state(commitment);
  if (state !== "executed" && state !== "disclosed") throw notExecuted(commitment, state);
  const published = state === "disclosed" ? await readDisclosureFacts(timelock, place) : undefined;
  const facts = published ?? (await readExecutionFacts(timelock, place));
  const running = { ...choice, ...(onProgress === undefined ? {} : { onProgress }) };
  const rerun = await rerunPatch({ bundle, baseline: policy.baseline }, facts, running);
  if (rerun.patch.commitment !== commitment) throw otherBundle(commitment, rerun.patch.commitment);
  const { judged, text } =
    kept === undefined ? made(executed, facts, rerun, attestations) : { judged: [], text: kept };
  const opening = shownOpening(rerun.patch.opening);
  const bundleHash = disclosureHash(text);
  const isPublished = published?.disclosed.bundleHashes.includes(bundleHash) ?? false;
  if (published !== undefined && !isPublished) throw otherDisclosure(commitment, bundleHash);
  const then: DisclosureFacts = { ...facts, disclosed: { opening, bundleHashes: [bundleHash] } };
  const checks = await verifyDisclosure(text, published ?? then, choice);
  const failed = checks.find(({ outcome }) => outcome === "fails");
  if (failed !== undefined) throw notDisclosable(commitment, failed);
  return { facts, text, parts: { commitment, opening, bundleHash, uri }, isPublished, judged, checks, rerun };
}

/** The text of the disclosure, with the attestations that count. */
function made(
  { bundle, scheduled, policy }: ExecutedPatch,
  { signals, replaced }: ExecutionFacts,
  { results }: RerunPatch,
  named: readonly NamedAttestation[],
): { readonly judged: readonly JudgedAttestation[]; readonly text: string } {
  const statement = { ...signals, reportDigest: results.reportDigest };
  const attested = { policy: { ...policy, threshold: Number(signals.threshold) }, statement };
  const { judged, attendance } = judgeAttestations([attested], named);
  const { attestations, present, missing, wanted } = attendance[0]!;
  if (wanted > 0) {
    throw new SealpatchError("lane/too-few-attestations", "the attestations are not those of the statement", {
      details: {
        commitment: signals.commitment,
        present: present.join(", "),
        missing: missing.join(", "),
        wanted,
      },
      why: `${attestations.length} of them sign what was scheduled, and the policy asks for ${signals.threshold}`,
      remedy: "give all attestations that it was proven with, and the policy as it was then",
    });
  }
  const text = disclosureText({
    ...{ bundle, attestations, targets: scheduled.targets },
    ...{ baseline: policy.baseline, auditors: policy.auditors },
    currentImplementation: replaced.implementation,
  });
  return { judged, text };
}

function notExecuted(commitment: bigint, state: string): SealpatchError {
  return new SealpatchError("lane/not-executed", `the statement is not executed, but ${state}`, {
    details: { commitment, state },
    why: "what is disclosed before the patch is installed shows the bug",
    remedy: state === "scheduled" ? "execute it first" : "keep it to yourself: nothing of it runs",
  });
}

function otherBundle(commitment: bigint, found: bigint): SealpatchError {
  return new SealpatchError("lane/other-bundle", "the bundle is not the one that was executed", {
    details: { scheduled: commitment, bundle: found },
    why: "its commitment is another one than the schedule's",
    remedy: "give the bundle that was proven; of a group, in the order of the schedule",
  });
}

function otherDisclosure(commitment: bigint, bundleHash: string): SealpatchError {
  return new SealpatchError("lane/other-disclosure", "the chain has another disclosure of the statement", {
    details: { commitment, bundleHash },
    why: "the statement is disclosed already, with a file of other bytes",
    remedy: "take the file as it was published; the council can publish again by `disclose`",
  });
}

function notDisclosable(commitment: bigint, { name, detail }: Check): SealpatchError {
  return new SealpatchError("lane/not-disclosable", `the disclosure would not hold: ${name}`, {
    details: { commitment, check: name },
    why: detail,
    remedy:
      "take bundle, schedule, attestations and the policy as they were when the statement was scheduled; move a file of another " +
      "disclosure out of the way",
  });
}

/** A disclosure, and the file that it is written to. */
export interface RevealedFile {
  readonly prepared: PreparedDisclosure;
  readonly file: string;
}

/**
 * Discloses statements on chain: tries all, writes every file, whole and for its owner alone, and then sends. After a crash at any point the
 * next run finds the file whose hash the chain has, or will have. What is published is left out.
 * @param timelock of a signer that holds the role, as whom the disclosures are tried.
 * @param send how the transactions reach the chain.
 * @param logs.fromBlock where the timelock's logs begin; the first block unless given.
 * @returns hashes of the transactions that published them, in the same order: of an earlier run for what the chain had already.
 * @throws SealpatchError `chain/reverted` with what the contract would refuse, `lane/other-file`, `lane/unwritable-disclosure`, and as the
 *   sender.
 * @example
 * ```ts
 * await tryReveal(timelock.as(executor), disclosures);
 * await revealGroup(timelock.as(executor), disclosures, council);
 * ```
 */
export async function revealGroup(
  timelock: TimelockClient,
  disclosures: readonly RevealedFile[],
  send: SendTransaction,
  logs: { readonly fromBlock?: number | undefined } = {},
): Promise<string[]> {
  await tryReveal(timelock, disclosures);
  await keepDisclosures(disclosures);
  const transactions: string[] = [];
  for (const { prepared } of disclosures)
    transactions.push(
      prepared.isPublished
        ? await publishedBy(timelock, prepared.parts, logs)
        : (await timelock.through(send).parts.disclose(prepared.parts)).hash,
    );
  return transactions;
}

/**
 * Has the text of every disclosure on disk, whole and for its owner alone, before its hash goes to the chain. One that is there already stays.
 * @throws SealpatchError `lane/other-file`, `lane/unwritable-disclosure`.
 */
export async function keepDisclosures(disclosures: readonly RevealedFile[]): Promise<void> {
  for (const { file, prepared } of disclosures) await keep(file, prepared.text);
}

/** The transaction that published a file first. */
async function publishedBy(
  timelock: TimelockClient,
  { commitment, bundleHash }: DisclosureParts,
  { fromBlock }: { readonly fromBlock?: number | undefined },
): Promise<string> {
  const place = { commitment, ...(fromBlock === undefined ? {} : { fromBlock }) };
  const { disclosed } = await readStatementSteps(timelock, place);
  return disclosed.find((step) => step.bundleHash === bundleHash)!.transaction;
}

/**
 * Tries each disclosure that is not published yet, as the account of the timelock's runner, and sends nothing. The node sees the openings.
 * @throws SealpatchError `chain/reverted` with what the contract would refuse, and what that means.
 */
export async function tryReveal(
  timelock: TimelockClient,
  disclosures: readonly Pick<RevealedFile, "prepared">[],
): Promise<void> {
  for (const { prepared } of disclosures)
    if (!prepared.isPublished) await timelock.parts.tryDisclose(prepared.parts);
}

/** Has a text on disk before its hash goes to the chain; makes the folder. */
async function keep(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeWhole(file, text, { mode: 0o600, replace: false });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") {
      throw new SealpatchError("lane/unwritable-disclosure", `${file} cannot be written`, {
        details: { file },
        why: refusalOf(error),
        remedy: "choose a folder that you may write to; nothing was sent",
      });
    }
    if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
    throw new SealpatchError("lane/other-file", `${file} is another file than the disclosure`, {
      details: { file },
      why: "a file that is there is not replaced, and the chain is to have the hash of this one",
      remedy: "move it away, or choose another folder; nothing was sent",
    });
  }
}
