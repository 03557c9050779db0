import { stdout } from "node:process";
import { type CorpusCase, variantsOf } from "./case.js";

/** A case as `--list --json` prints it. */
export interface ListedCase {
  readonly name: string;
  readonly title: string;
  readonly advisories: readonly string[];
  readonly proxies: readonly string[];
}

const WIDTH = { name: 20, title: 40, advisories: 22, proxies: 11 };
const HEADINGS: ListedCase = {
  name: "name",
  title: "title",
  advisories: ["advisories"],
  proxies: ["proxies"],
};

/** What a person chooses a case by. */
export function listed(cases: readonly CorpusCase[]): ListedCase[] {
  return cases.map((corpusCase) => {
    const { name, title, advisories } = corpusCase;
    return { name, title, advisories, proxies: variantsOf(corpusCase) };
  });
}

/** Prints the cases as a table of at most 100 columns. */
export function printList(cases: readonly ListedCase[]): void {
  for (const entry of [HEADINGS, ...cases]) {
    const cells = [
      [entry.name],
      wrapped(entry.title, WIDTH.title - 2),
      entry.advisories,
      entry.proxies,
    ] as const;
    const height = Math.max(...cells.map(({ length }) => length));
    for (let line = 0; line < height; line++) {
      const row = Object.values(WIDTH).map((width, column) => (cells[column]![line] ?? "").padEnd(width));
      stdout.write(`${row.join("").trimEnd()}\n`);
    }
    stdout.write("\n");
  }
}

/** Lines of at most `width` columns. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
