import { printable } from "../../foreign-text.js";
import { changedSources, type DiffLine, hunksOf, type PatchBundle } from "../../patch/index.js";
import { lineWidth, print, type Style, styled } from "../../terminal/index.js";

const STYLES: Readonly<Partial<Record<DiffLine["mark"], Style>>> = { "-": "red", "+": "green" };

/** Prints how each changed source differs, with a few lines around every difference. */
export function printSourceDiff(bundle: Pick<PatchBundle, "compiler" | "contract" | "current">): void {
  const changed = changedSources(bundle);
  if (changed.length === 0) print("the sources are the same");
  for (const { name, lines } of changed) {
    for (const piece of pieces(printable(name), 4)) print(styled("bold", `--- ${piece}`));
    for (const { oldLine, newLine, lines: shown } of hunksOf(lines)) {
      if (oldLine > 1 || newLine > 1) print(styled("dim", `@@ line ${oldLine} -> ${newLine}`));
      for (const { mark, text } of shown) {
        const style = STYLES[mark];
        for (const piece of pieces(printable(text.replace(/\r$/, "").replaceAll("\t", "  ")), 2)) {
          const line = `${mark} ${piece}`.trimEnd();
          print(style === undefined ? line : styled(style, line));
        }
      }
    }
    print("");
  }
}

/** A line on as many as it needs beside what each begins with: nothing of a source is left out. */
function pieces(text: string, beginning: number): string[] {
  return text.match(new RegExp(`.{1,${lineWidth() - beginning}}`, "gu")) ?? [""];
}
