import type { ContractSource, PatchBundle } from "./bundle.js";
import { type DiffLine, diffLines } from "./line-diff.js";

/** Lines that are shown around a difference. */
const CONTEXT = 3;

/** A source, or the compiler's settings, that are not alike in the live code and in the patch. */
export interface ChangedSource {
  readonly name: string;
  readonly lines: readonly DiffLine[];
}

/** What differs between the sources of the live code and those of the patch, the compiler and its settings before all else. */
export function changedSources(
  bundle: Pick<PatchBundle, "compiler" | "contract" | "current">,
): ChangedSource[] {
  const [old, fresh] = [sideOf(bundle.current), sideOf(bundle)];
  const names = [...new Set([...old.texts.keys(), ...fresh.texts.keys()])].toSorted();
  const pairs: [string, string | undefined, string | undefined][] = [
    ["compiler and settings", old.settings, fresh.settings],
    ...names.map((name): [string, string | undefined, string | undefined] => [
      name,
      old.texts.get(name),
      fresh.texts.get(name),
    ]),
  ];
  return pairs
    .filter(([, before, after]) => before !== after)
    .map(([name, before, after]) => ({ name, lines: diffLines(linesOf(before), linesOf(after)) }));
}

function sideOf({ contract, compiler: { version, input } }: ContractSource) {
  return {
    texts: new Map(Object.entries(input.sources).map(([name, { content }]) => [name, content])),
    settings: JSON.stringify({ contract, solc: version, settings: sortedKeys(input.settings) }, null, 2),
  };
}

const linesOf = (text: string | undefined): string[] => (text === undefined ? [] : text.split("\n"));

/** The same object with its keys in order: in which order a tool wrote them says nothing. */
function sortedKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]));
}

/** Lines of a comparison that stand together: differences with a few lines around them. */
export interface Hunk {
  /** Numbers of its first line in the old and in the new text, from 1. */
  readonly oldLine: number;
  readonly newLine: number;
  readonly lines: readonly DiffLine[];
}

/** What people look at of a comparison: all differences, and little of what is alike. */
export function hunksOf(lines: readonly DiffLine[]): Hunk[] {
  const near = lines.map(() => false);
  for (const [index, { mark }] of lines.entries())
    if (mark !== " ") near.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  const hunks: (Hunk & { readonly lines: DiffLine[] })[] = [];
  let [oldLine, newLine] = [1, 1];
  for (const [index, line] of lines.entries()) {
    if (near[index] && !near[index - 1]) hunks.push({ oldLine, newLine, lines: [] });
    if (near[index]) hunks.at(-1)!.lines.push(line);
    if (line.mark !== "+") oldLine++;
    if (line.mark !== "-") newLine++;
  }
  return hunks;
}
