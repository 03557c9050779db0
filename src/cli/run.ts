import { stderr } from "node:process";
import { type Command, CommanderError } from "commander";
import { SealpatchError } from "../errors.js";
import { printable } from "../foreign-text.js";
import { lineWidth, printJson, styled, wrap } from "../terminal/index.js";
import { inWordsOfOptions } from "./remedies.js";
import { unexpected } from "./unexpected.js";

/** Exit codes of every command. */
export const EXIT = {
  done: 0,
  /** A check is false, a rule refuses, or an error stopped the work. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Of a command that judges: it could not. */
  undecided: 2,
} as const;

/**
 * Runs the command that the arguments name. Errors are printed, never thrown: three lines on standard error, or with
 * `--json` one object `{error}` on standard output.
 * @param args the command line after the program's name.
 * @returns the exit code: `usage` for such an error, else what the command has set in `process.exitCode`, else `refused` for
 * an error and `done` without one.
 */
export async function runProgram(program: Command, args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  prepare(program, json);
  process.exitCode = undefined;
  let running = "";
  program.hook("preAction", (_, action) => {
    running = nameOf(action);
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    // Help and version: printed already.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = failureOf(error, running);
    // A group without a command has shown what its commands are.
    const shown = error instanceof CommanderError && error.code === "commander.help" && !json;
    if (!shown) printFailure(failure, json);
    return failure.code === "cli/usage" ? EXIT.usage : Number(process.exitCode ?? EXIT.refused);
  }
}

/** Commander would print usage errors and end the process itself, each command on its own. */
function prepare(command: Command, json: boolean): void {
  command.exitOverride().configureOutput({ outputError: () => {}, ...(json ? { writeErr: () => {} } : {}) });
  for (const child of command.commands) prepare(child, json);
}

/** The command with its groups: `vectors run`. */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent == null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

/** Prints an error: three lines on standard error, or with `--json` one object on standard output. */
export function printFailure(failure: SealpatchError, json: boolean): void {
  if (json) printJson({ error: failure });
  else printError(failure);
}

/** What is told of an error. @param command that was running, empty before one was. */
export function failureOf(error: unknown, command: string): SealpatchError {
  if (error instanceof SealpatchError) return inWordsOfOptions(error);
  if (error instanceof CommanderError) {
    const message =
      error.code === "commander.help"
        ? "no command given"
        : error.message.replace(/^error: /, "").replaceAll("\n", " ");
    return new SealpatchError("cli/usage", message, { remedy: "add --help to see what the command takes" });
  }
  return unexpected(error, command);
}

function printError({ message, why, remedy }: SealpatchError): void {
  stderr.write(`${styled("red", "error:", stderr)} ${shown(message, "       ")}\n`);
  if (why !== undefined) stderr.write(`  why:   ${shown(why.trim(), "         ")}\n`);
  if (remedy !== undefined) stderr.write(`  to do: ${shown(remedy, "         ")}\n`);
}

/**
 * A text on as many lines as it has, or needs, the later ones indented. Compilers quote sources, which may be somebody else's, and whose
 * spaces stay in lines that are short enough.
 */
function shown(text: string, indent: string): string {
  const width = lineWidth(stderr);
  const lines = text.replaceAll("\t", "  ").split(/\r?\n/).map(printable);
  return lines
    .map((line) => (indent.length + line.length > width ? wrap(line, indent, width).trimStart() : line))
    .join(`\n${indent}`);
}
