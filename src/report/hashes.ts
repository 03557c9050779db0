import { keccak256 } from "ethers";
import { attestedMessage } from "../audit/index.js";
import { layoutRoot } from "../layout/index.js";
import {
  type Disclosure,
  type DisclosureFacts,
  disclosureHash,
  parseDisclosure,
  type RerunPatch,
  statementId,
  type Target,
  TargetTree,
  targetLeaf,
  targetOfStatement,
} from "../patch/index.js";
import { vectorRoot } from "../vectors/index.js";
import { otherDisclosure } from "./other-disclosure.js";

/** A hash of an incident, by its name in docs/encodings.md. */
export interface HashLine {
  readonly name: string;
  /** 32 bytes as hex. */
  readonly value: string;
}

/** What hashes are taken of. */
export interface HashedIncident {
  readonly text: string;
  readonly facts: DisclosureFacts;
  readonly rerun: RerunPatch;
}

/**
 * Every hash of an incident, computed again from its disclosure file and what this machine has rebuilt and run.
 * @throws SealpatchError `patch/malformed-disclosure`, `report/other-disclosure` where the file names no target of the statement.
 * @example
 * ```ts
 * const facts = await readDisclosureFacts(timelock, { commitment });
 * const rerun = await rerunPatch(parseDisclosure(text), facts);
 * for (const { name, value } of incidentHashes({ text, facts, rerun })) console.log(`${name} ${value}`);
 * ```
 */
export function incidentHashes(hashed: HashedIncident): HashLine[] {
  const disclosure = parseDisclosure(hashed.text);
  const { id, signals } = hashed.facts;
  const target = targetOfStatement(disclosure.targets, { commitment: signals.commitment, id });
  if (target === undefined) throw otherDisclosure(id);
  return hashLines({ ...hashed, disclosure, target });
}

/** The same of a file that was read, for one of its targets. */
export function hashLines({
  text,
  facts,
  rerun,
  disclosure,
  target,
}: HashedIncident & { readonly disclosure: Disclosure; readonly target: Target }): HashLine[] {
  const { patch, results } = rerun;
  const { opening, commitment } = patch;
  const { reportDigest } = results;
  const leaf = targetLeaf(target);
  const roots = {
    targetsRoot: new TargetTree(disclosure.targets).root,
    vectorRoot: vectorRoot(disclosure.baseline),
  };
  const message = attestedMessage({ ...facts.signals, ...roots, commitment, reportDigest });
  const lines: [string, string | bigint][] = [
    ["bundleHash: keccak256 of the file", disclosureHash(text)],
    ["patchCommitment C", commitment],
    ["salt", opening.salt],
    ["target leaf", leaf],
    ["statement id", statementId(commitment, leaf)],
    ["targetsRoot", roots.targetsRoot],
    ["code hash of what was installed", keccak256(patch.code.code)],
    ["codeDigest D", opening.codeDigest],
    ["code hash of what was replaced", keccak256(facts.replaced.code!)],
    ["layoutRoot", layoutRoot(patch.layouts.old)],
    ["layoutRoot'", opening.layoutRoot],
    ["vectorRoot", roots.vectorRoot],
    ["incidentRoot", opening.incidentRoot],
    ["migrationDigest", opening.migrationDigest],
    ["auditorRoot", disclosure.auditors.root],
    ["reportDigest", reportDigest],
    ["attested message M", message],
  ];
  return lines.map(([name, value]) => ({ name, value: shownHash(value) }));
}

const shownHash = (value: string | bigint): string =>
  typeof value === "string" ? value : `0x${value.toString(16).padStart(64, "0")}`;

/** The command line that prints all of them. @param file where the disclosure lies. */
export const hashingCommand = (file: string): string =>
  `sealpatch verify ${shellWord(file)} --hashes --rpc NODE`;

/** A word as a shell takes it. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
