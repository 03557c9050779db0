import { attestedMessage } from "../audit/index.js";
import type { Disclosure, DisclosureFacts, RerunPatch, Target } from "../patch/index.js";
import { disclosureHash, targetLeaf } from "../patch/index.js";

/** A hash of an incident, by its name in docs/encodings.md, and what computes it again. */
export interface HashLine {
  readonly name: string;
  readonly value: string;
  /** A command line of the package. */
  readonly command: string;
}

/** What hashes are taken of. */
interface Hashed {
  readonly text: string;
  readonly file: string;
  readonly facts: DisclosureFacts;
  readonly rerun: RerunPatch;
  readonly disclosure: Disclosure;
  readonly target: Target;
}

/** Every hash of an incident, with the command that recomputes it: by itself where a command does, else all of them by `sealpatch verify`. */
export function hashLines({ text, file, facts, rerun, disclosure, target }: Hashed): HashLine[] {
  const { signals, executed, id } = facts;
  const { patch, results } = rerun;
  const { codeDigest, layoutRoot, incidentRoot, migrationDigest, salt } = patch.opening;
  const name = shellWord(file);
  const verify = `sealpatch verify ${name}`;
  const root = (member: string, set: string) =>
    `jq ${member} ${name} > ${set}.json && sealpatch vectors root ${set}.json`;
  const message = attestedMessage({ ...signals, reportDigest: results.reportDigest });
  const lines: [string, string | bigint, string][] = [
    ["bundleHash: keccak256 of the file", disclosureHash(text), verify],
    ["patchCommitment C", signals.commitment, verify],
    ["salt", salt, verify],
    ["statement id", id, verify],
    ["target leaf", targetLeaf(target), verify],
    ["targetsRoot", signals.targetsRoot, verify],
    ["code hash of what was installed", executed.codehash, verify],
    ["codeDigest D", codeDigest, verify],
    ["code hash of what was replaced", facts.replaced.codehash, verify],
    ["layoutRoot", signals.layoutRoot, verify],
    ["layoutRoot'", layoutRoot, verify],
    ["vectorRoot", signals.vectorRoot, root(".baseline", "baseline")],
    ["incidentRoot", incidentRoot, root(".bundle.incidents", "incidents")],
    ["migrationDigest", migrationDigest, verify],
    ["auditorRoot", disclosure.auditors.root, verify],
    ["reportDigest", results.reportDigest, verify],
    ["attested message M", message, verify],
  ];
  return lines.map(([label, value, command]) => ({ name: label, value: shownHash(value), command }));
}

const shownHash = (value: string | bigint): string =>
  typeof value === "string" ? value : `0x${value.toString(16).padStart(64, "0")}`;

/** A word as a shell takes it. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
