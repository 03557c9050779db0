import { stderr, stdout } from "node:process";
import { stripVTControlCharacters, styleText } from "node:util";
import { SealpatchError } from "../errors.js";
import { printableJson } from "../foreign-text.js";
import { refusalOf } from "../whole-file.js";

/** Widest line that is printed, on however wide a terminal, and where there is none. */
const MAX_WIDTH = 100;
const GUTTER = "  ";

export type Style = "red" | "green" | "yellow" | "dim" | "bold";

/** Text in a style, on a terminal that shows colours and without NO_COLOR; else as it is. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = stdout): string {
  return stream.isTTY && stream.hasColors() ? styleText(style, text) : text;
}

/** Columns to print in: those of the terminal, at most 100. */
export function lineWidth(stream: NodeJS.WriteStream = stdout): number {
  return Math.min((stream.isTTY ? stream.columns : 0) || MAX_WIDTH, MAX_WIDTH);
}

/** Text of at most `width` columns; of a longer one the middle is left out, so that both ends can be compared. */
export function shortenMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width < 4) return text.slice(0, width);
  const kept = width - 2;
  const tail = Math.floor(kept / 3);
  return `${text.slice(0, kept - tail)}..${text.slice(text.length - tail)}`;
}

/** Text on as many lines as it needs within the width, cut between words; words that are longer stay whole. */
export function wrap(text: string, indent = "", width = lineWidth()): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line !== indent && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** 1234567 as 1,234,567. */
export function thousands(value: number): string {
  return value.toLocaleString("en-US");
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Gives up space before others where the line is too long; its texts are shortened in the middle. */
  readonly flexible?: boolean;
  /** The same, and its texts go on in lines below, whole. */
  readonly wraps?: boolean;
}

/** Narrowest column that still says something. */
const MIN_COLUMN = 8;

/**
 * A table with a line of titles, never wider than `width`: what wraps or is flexible gives up space first, then the widest
 * of the others.
 * @param rows one text a column, styled or not.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = lineWidth(),
): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.flatMap((row) => row[index]!.split("\n").map(visibleLength))),
  );
  let excess = widths.reduce((sum, each) => sum + each + GUTTER.length, -GUTTER.length) - width;
  const narrow = (chosen: readonly number[], least: (index: number) => number) => {
    for (; excess > 0; excess--) {
      const able = chosen.filter((index) => widths[index]! > least(index));
      if (able.length === 0) return;
      const widest = able.reduce((one, other) => (widths[other]! > widths[one]! ? other : one));
      widths[widest]!--;
    }
  };
  const all = columns.map((_, index) => index);
  const yielding = all.filter((index) => columns[index]!.flexible || columns[index]!.wraps);
  narrow(yielding, (index) => Math.max(columns[index]!.title.length, MIN_COLUMN));
  narrow(all, () => 1);
  const line = (texts: readonly string[]) =>
    columns
      .map(({ align }, index) => padCell(texts[index] ?? "", widths[index]!, align))
      .join(GUTTER)
      .trimEnd();
  const lines = (texts: readonly string[]) => {
    const cells = columns.map(({ wraps }, index) =>
      wraps ? texts[index]!.split("\n").flatMap((text) => splitCell(text, widths[index]!)) : [texts[index]!],
    );
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, row) => line(cells.map((cell) => cell[row] ?? "")));
  };
  const titles = styled("dim", line(columns.map(({ title }) => title)));
  return [titles, ...rows.flatMap(lines)].join("\n");
}

/** A cell on as many lines as it needs, cut between words where it can be. */
function splitCell(text: string, width: number): string[] {
  if (visibleLength(text) <= width) return [text];
  const pieces = stripVTControlCharacters(text)
    .split(" ")
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gsu")) ?? [""]);
  return wrap(pieces.join(" "), "", width).split("\n");
}

/** Prints one JSON value; bigints become decimal strings. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part),
    2,
  );
  stdout.write(`${printableJson(text)}\n`);
}

/**
 * A reader that stops early, such as `head`, is not an error, and neither is it where nobody can read standard error. Once in a process.
 * @param onUnwritable told of every other error of standard output, such as that of a full disk; it is thrown unless given.
 */
export function allowClosedPipe(
  onUnwritable: (error: SealpatchError) => void = (error) => {
    throw error;
  },
): void {
  stderr.on("error", () => {});
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    const unwritable = new SealpatchError("cli/unwritable-output", "standard output cannot be written", {
      details: { cause: error.code ?? null },
      why: refusalOf(error),
      remedy: "send it to where there is room; what the command did before is done",
    });
    onUnwritable(unwritable);
  });
}

/** Prints lines. */
export function print(...lines: readonly string[]): void {
  for (const line of lines) stdout.write(`${line}\n`);
}

/** Prints a line, and waits until it has left this process. @returns false where nobody reads any more. */
export async function printDelivered(line: string): Promise<boolean> {
  return new Promise((resolve) => {
    stdout.write(`${line}\n`, (error) => resolve(error === null || error === undefined));
  });
}

/** A field element or word in full: 0x and 64 digits. */
export function fullHex(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

function padCell(text: string, width: number, align: Column["align"] = "left"): string {
  const length = visibleLength(text);
  if (length > width) return shortenMiddle(stripVTControlCharacters(text), width);
  const space = " ".repeat(width - length);
  return align === "right" ? space + text : text + space;
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
