import type { LaneStep, StatementSteps } from "../chain/index.js";
import { type LayoutDiff, layoutRows } from "../layout/index.js";
import {
  type Check,
  changedSources,
  type DisclosureFacts,
  disclosureHash,
  type Hunk,
  hunksOf,
  parseDisclosure,
  type RerunPatch,
  type Target,
  targetOfStatement,
} from "../patch/index.js";
import { explainDifference, type Vector } from "../vectors/index.js";
import { type HashLine, hashLines } from "./hashes.js";
import { whatIsNotShown } from "./limits.js";
import { otherDisclosure } from "./other-disclosure.js";
import { type TimelineStep, timeline } from "./timeline.js";

/** When things happened that no chain saw, seconds since the epoch; left out where nobody knows. */
export interface ToldTimes {
  readonly found?: bigint | undefined;
  readonly sealed?: bigint | undefined;
  readonly attested?: bigint | undefined;
}

/** What a report is made of. */
export interface ReportInputs {
  /** Text of the disclosure file. */
  readonly text: string;
  /** Name of that file, for the commands of the report; `disclosure.json` unless given. */
  readonly file?: string;
  readonly facts: DisclosureFacts;
  readonly steps: StatementSteps;
  /** Of `verifyDisclosure`. */
  readonly checks: readonly Check[];
  readonly rerun: RerunPatch;
  readonly told?: ToldTimes;
  /** What the auditors are called, in the order of the policy; their places unless given. */
  readonly labels?: readonly string[];
}

/** A vector of the report. */
export interface VectorLine {
  readonly place: string;
  readonly name: string;
  readonly kind: Vector["kind"];
  /** On the replaced code. */
  readonly old: boolean;
  readonly new: boolean;
  /** What the code did otherwise that fails it; null where none does. */
  readonly why: string | null;
}

/** An entry of the layout after the patch, or one that went. */
export interface LayoutLine {
  readonly slot: string;
  readonly offset: string;
  readonly size: string;
  readonly name: string;
  readonly type: string;
  /** What was there before the patch. */
  readonly before: string;
}

/** A post-incident report as data: names, labels and places of files are whatever their authors wrote. */
export interface IncidentReport {
  readonly contract: string;
  readonly id: string;
  readonly commitment: bigint;
  readonly target: Target;
  readonly replaced: string;
  readonly installed: string;
  readonly file: string;
  readonly uri: string;
  readonly timeline: readonly TimelineStep[];
  readonly transactions: readonly (LaneStep & { readonly name: string })[];
  readonly sources: readonly {
    readonly name: string;
    readonly old: string;
    readonly new: string;
    readonly hunks: readonly Hunk[];
  }[];
  readonly layout: readonly LayoutLine[];
  readonly layoutVerdicts: LayoutDiff["verdicts"];
  readonly vectors: readonly VectorLine[];
  readonly maxWaivers: number;
  readonly threshold: number;
  readonly auditors: readonly { readonly name: string; readonly key: string; readonly attested: boolean }[];
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
  readonly hashes: readonly HashLine[];
  readonly notShown: readonly string[];
}

/**
 * A post-incident report of a disclosed statement, for `reportHtml` and `reportMarkdown`.
 * @throws SealpatchError `patch/malformed-disclosure`, `report/other-disclosure` where the chain has not this file.
 * @example
 * ```ts
 * const statement = { commitment };
 * const [facts, steps] = [await readDisclosureFacts(timelock, statement), await readStatementSteps(timelock, statement)];
 * const checks = await verifyDisclosure(text, facts);
 * const rerun = await rerunPatch(parseDisclosure(text), facts);
 * const told = { found: 1_790_000_000n };
 * const incident = await incidentReport({ text, facts, steps, checks, rerun, told });
 * await writeFile("report.html", reportHtml(incident));
 * ```
 */
export async function incidentReport(inputs: ReportInputs): Promise<IncidentReport> {
  const { text, file = "disclosure.json", facts, steps, checks, rerun, told = {}, labels = [] } = inputs;
  const disclosure = parseDisclosure(text);
  const { commitment, threshold } = facts.signals;
  const target = targetOfStatement(disclosure.targets, { commitment, id: facts.id });
  const publication = steps.disclosed.findLast(({ bundleHash }) => bundleHash === disclosureHash(text));
  if (target === undefined || publication === undefined || steps.executed === undefined)
    throw otherDisclosure(facts.id);
  const attested = disclosure.attestations.map(({ publicKey }) => disclosure.auditors.indexOf(publicKey));
  const { patch, results } = rerun;
  const transactions = [
    { name: "scheduled", ...steps.scheduled },
    { name: "executed", ...steps.executed },
    { name: "disclosed", ...publication },
  ];
  return {
    ...{ contract: patch.bundle.contract, id: facts.id, commitment, target, file, transactions, checks },
    replaced: facts.replaced.implementation,
    installed: facts.executed.implementation,
    uri: publication.uri,
    timeline: timeline([
      ...(["found", "sealed", "attested"] as const).map((name) => {
        return { name, at: told[name] ?? null, isOnChain: false };
      }),
      ...transactions.map(({ name, at }) => ({ name, at, isOnChain: true })),
    ]),
    sources: sourcesOf(rerun),
    layout: layoutLines(rerun),
    layoutVerdicts: patch.layoutDiff().verdicts,
    vectors: vectorLines(rerun),
    maxWaivers: results.maxWaivers,
    threshold: Number(threshold),
    auditors: disclosure.auditors.publicKeys.map((key, place) => ({
      name: labels[place] ?? `auditor ${place}`,
      key: key.join(", "),
      attested: attested.includes(place),
    })),
    warnings: patch.warnings.map(({ message }) => message),
    hashes: hashLines({ ...inputs, disclosure, target }),
    notShown: await whatIsNotShown(),
  };
}

function sourcesOf({ patch: { bundle } }: RerunPatch): IncidentReport["sources"] {
  const textOf = (sources: typeof bundle.compiler.input.sources, name: string) =>
    Object.hasOwn(sources, name) ? sources[name]!.content : "";
  return changedSources(bundle).map(({ name, lines }) => ({
    name,
    old: textOf(bundle.current.compiler.input.sources, name),
    new: textOf(bundle.compiler.input.sources, name),
    hunks: hunksOf(lines),
  }));
}

function layoutLines({ patch: { layouts } }: RerunPatch): LayoutLine[] {
  const [before, after] = [layoutRows(layouts.old), layoutRows(layouts.new)];
  type Row = (typeof after)[number];
  const placeOf = ({ entry: { slot, offset, inside }, isGap }: Row) => [slot, offset, inside, isGap].join();
  const old = new Map(before.map((row) => [placeOf(row), row]));
  const lines = after.map((row): LayoutLine => {
    const was = old.get(placeOf(row));
    old.delete(placeOf(row));
    return { ...shown(row), before: was === undefined ? "new" : differenceOf(was, row) };
  });
  return [...lines, ...[...old.values()].map((row) => ({ ...shown(row), before: "gone" }))];

  function shown({ slot, offset, size, name, type }: Row) {
    return { slot, offset, size, name, type };
  }
  function differenceOf(was: Row, row: Row): string {
    const members = (["name", "type", "size"] as const).filter((member) => was[member] !== row[member]);
    return members.length === 0
      ? "the same"
      : members.map((member) => `${member} was ${was[member]}`).join("; ");
  }
}

function vectorLines({ results, before }: RerunPatch): VectorLine[] {
  return [
    ...results.baseline.map(({ vector, outcome, passes }, index) => ({
      place: `baseline ${index}`,
      name: vector.name,
      kind: vector.kind,
      old: before[index]!,
      new: passes,
      why: passes ? null : explainDifference(vector.expectation, outcome),
    })),
    ...results.incidents.map(({ vector, current, patch }, index) => ({
      place: `incident ${index}`,
      name: vector.name,
      kind: vector.kind,
      old: current.passes,
      new: patch.passes,
      why: current.passes ? null : explainDifference(vector.expectation, current.outcome),
    })),
  ];
}
