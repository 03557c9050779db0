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
export function stripEdits({ definitions, text }: SourceFile): Edit[] {
  return definitions.flatMap(({ statements }) =>
    statements
      .filter(({ tokens }) => tokens.some(isEquality) || tokens[0]!.text === "assert")
      .map(({ start, end }) => ({
        start,
        end,
        text: `{}${text.slice(start, end).replaceAll(/[^\n]/g, "")}`,
      })),
  );
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
  const match = MARK_NAME.exec(signal);
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
