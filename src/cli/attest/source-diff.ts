import { printable } from "../../foreign-text.js";
import type { ContractSource, PatchBundle } from "../../patch/index.js";
import { lineWidth, print, type Style, styled } from "../../terminal/index.js";
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

const STYLES: Readonly<Partial<Record<DiffLine["mark"], Style>>> = { "-": "red", "+": "green" };

/** Prints how each changed source differs, with a few lines around every difference. */
export function printSourceDiff(bundle: Pick<PatchBundle, "compiler" | "contract" | "current">): void {
  const changed = changedSources(bundle);
  if (changed.length === 0) print("the sources are the same");
  for (const { name, lines } of changed) {
    for (const piece of pieces(printable(name), 4)) print(styled("bold", `--- ${piece}`));
    const near = nearDifferences(lines);
    let [shownBefore, oldLine, newLine] = [true, 0, 0];
    for (const [index, { mark, text }] of lines.entries()) {
      if (mark !== "+") oldLine++;
      if (mark !== "-") newLine++;
      if (near[index] && !shownBefore) print(styled("dim", `@@ line ${oldLine} -> ${newLine}`));
      shownBefore = near[index]!;
      if (!near[index]) continue;
      const style = STYLES[mark];
      for (const piece of pieces(printable(text.replace(/\r$/, "").replaceAll("\t", "  ")), 2)) {
        const line = `${mark} ${piece}`.trimEnd();
        print(style === undefined ? line : styled(style, line));
      }
    }
    print("");
  }
}

function nearDifferences(lines: readonly DiffLine[]): boolean[] {
  const near = lines.map(() => false);
  for (const [index, { mark }] of lines.entries()) {
    if (mark === " ") continue;
    near.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  }
  return near;
}

/** A line on as many as it needs beside what each begins with: nothing of a source is left out. */
function pieces(text: string, beginning: number): string[] {
  return text.match(new RegExp(`.{1,${lineWidth() - beginning}}`, "gu")) ?? [""];
}
