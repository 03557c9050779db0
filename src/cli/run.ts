import { stderr } from "node:process";
import { type Command, CommanderError } from "commander";
import { SealpatchError } from "../errors.js";
import { printable } from "../foreign-text.js";
import { printJson, styled } from "../terminal/index.js";
import { inWordsOfOptions } from "./remedies.js";

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
  try {
    await program.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    // Help and version: printed already.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = toFailure(error);
    // A group without a command has shown what its commands are.
    const shown = error instanceof CommanderError && error.code === "commander.help" && !json;
    if (json) printJson({ error: failure });
    else if (!shown) printError(failure);
    return failure.code === "cli/usage" ? EXIT.usage : Number(process.exitCode ?? EXIT.refused);
  }
}

/** Commander would print usage errors and end the process itself, each command on its own. */
function prepare(command: Command, json: boolean): void {
  command.exitOverride().configureOutput({ outputError: () => {}, ...(json ? { writeErr: () => {} } : {}) });
  for (const child of command.commands) prepare(child, json);
}

function toFailure(error: unknown): SealpatchError {
  if (error instanceof SealpatchError) return inWordsOfOptions(error);
  if (error instanceof CommanderError) {
    const message =
      error.code === "commander.help"
        ? "no command given"
        : error.message.replace(/^error: /, "").replaceAll("\n", " ");
    return new SealpatchError("cli/usage", message, { remedy: "add --help to see what the command takes" });
  }
  return new SealpatchError(
    "cli/unexpected",
    error instanceof Error ? error.message : "an unexpected failure",
  );
}

function printError({ message, why, remedy }: SealpatchError): void {
  stderr.write(`${styled("red", "error:", stderr)} ${shown(message, "       ")}\n`);
  if (why !== undefined) stderr.write(`  why:   ${shown(why.trim(), "         ")}\n`);
  if (remedy !== undefined) stderr.write(`  to do: ${shown(remedy, "         ")}\n`);
}

/** A text on as many lines as it has, the later ones indented. Compilers quote sources, which may be somebody else's. */
function shown(text: string, indent: string): string {
  const lines = text.replaceAll("\t", "  ").split(/\r?\n/);
  return lines.map(printable).join(`\n${indent}`);
}
