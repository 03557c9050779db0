import type { LocatedDefinition, SourceFile } from "./sources.js";
import type { Definition, Statement } from "./syntax.js";

/** Replaces the source text from `start` to `end` by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A `===` statement in the sources. */
export interface ConstraintStatement {
  readonly file: string;
  readonly line: number;
  readonly template: string;
  readonly text: string;
}

const PREFIX = "soundnessMark_";
const MARK_NAME = new RegExp(String.raw`^(.*)\.${PREFIX}(\w+)\[(\d+)\]$`);

/**
 * Marks a source: every template gets an array of signals that are 0, one for each of its `===` statements, and each
 * statement adds its own to its left side. The constraints are the same where the marks are 0, and on an unsimplified
 * compile each constraint of a `===` tells by the name of its mark from which component and statement it comes.
 */
export function markEdits({ definitions }: SourceFile): Edit[] {
  return definitions
    .filter(({ kind }) => kind === "template")
    .flatMap((template) => {
      const name = `${PREFIX}${template.name}`;
      const statements = equalityStatements(template);
      const count = Math.max(1, statements.length);
      const declaration = `signal ${name}[${count}]; for (var ${name}_i = 0; ${name}_i < ${count}; ${name}_i++) ${name}[${name}_i] <-- 0;`;
      return [
        { start: template.bodyStart, end: template.bodyStart, text: declaration },
        ...statements.flatMap((statement, index) => {
          const { start } = statement.tokens.find(isEquality)!;
          return [
            { start: statement.start, end: statement.start, text: `${name}[${index}] + (` },
            { start, end: start, text: ") " },
          ];
        }),
      ];
    });
}

/** Strips every `===` and every assert from a source; lines keep their numbers. */
export function stripEdits(file: SourceFile): Edit[] {
  return strip(file, ({ tokens }) => tokens.some(isEquality) || isAssert(tokens));
}

const assertEdits = (file: SourceFile): Edit[] => strip(file, ({ tokens }) => isAssert(tokens));
const isAssert = ([first]: Statement["tokens"]): boolean => first!.text === "assert";

function strip({ definitions, text }: SourceFile, isStripped: (statement: Statement) => boolean): Edit[] {
  return definitions.flatMap(({ statements }) =>
    statements.filter(isStripped).map(({ start, end }) => ({
      start,
      end,
      text: `{}${text.slice(start, end).replaceAll(/[^\n]/g, "")}`,
    })),
  );
}

const COUNT_PREFIX = "soundnessBroken_";
const COUNT_NAME = new RegExp(String.raw`^(.*)\.${COUNT_PREFIX}(\w+)\[(\d+)\]$`);

/**
 * Turns every `===` of a source into a count: the template gets an array of signals, one for each of its `===` statements,
 * which says how often that statement did not hold. Asserts are stripped.
 */
export function countEdits(file: SourceFile): Edit[] {
  const counted = file.definitions
    .filter((template) => template.kind === "template" && equalityStatements(template).length > 0)
    .flatMap((template) => {
      const name = `${COUNT_PREFIX}${template.name}`;
      const [count, index] = [`${name}_count`, `${name}_i`];
      const statements = equalityStatements(template);
      const size = statements.length;
      const bodyEnd = template.body.at(-1)!.end;
      const declaration = `signal ${name}[${size}]; var ${count}[${size}];`;
      const result = `for (var ${index} = 0; ${index} < ${size}; ${index}++) ${name}[${index}] <-- ${count}[${index}];`;
      return [
        { start: template.bodyStart, end: template.bodyStart, text: declaration },
        ...statements.flatMap(({ tokens, start }, number) => {
          const equality = tokens.find(isEquality)!;
          const { end } = tokens.at(-1)!;
          return [
            { start, end: start, text: `${count}[${number}] += ((` },
            { start: equality.start, end: equality.end, text: ") != (" },
            { start: end, end, text: "))" },
          ];
        }),
        { start: bodyEnd, end: bodyEnd, text: result },
      ];
    });
  return [...counted, ...assertEdits(file)];
}

/** The mark that a count of countEdits is, if it is one. */
export function readCount(signal: string): Mark | undefined {
  return readName(COUNT_NAME, signal);
}

/** What a mark says. */
export interface Mark {
  /** `main.layout.order[2]`. */
  readonly component: string;
  readonly template: string;
  /** Number of the `===` statement in the template. */
  readonly statement: number;
}

/** The mark that a signal is, if it is one. */
export function readMark(signal: string): Mark | undefined {
  return readName(MARK_NAME, signal);
}

function readName(pattern: RegExp, signal: string): Mark | undefined {
  const match = pattern.exec(signal);
  if (match === null) return undefined;
  return { component: match[1]!, template: match[2]!, statement: Number(match[3]) };
}

/** The statement with the number that a mark carries. */
export function constraintStatement(template: LocatedDefinition, number: number): ConstraintStatement {
  const { tokens, start, end } = equalityStatements(template)[number]!;
  return {
    file: template.file.name,
    line: tokens[0]!.line,
    template: template.name,
    text: template.file.text.slice(start, end),
  };
}

function equalityStatements({ statements }: Definition): Statement[] {
  return statements.filter(({ tokens }) => tokens.some(isEquality));
}

function isEquality({ text }: { text: string }): boolean {
  return text === "===";
}
