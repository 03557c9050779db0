import { stderr, stdout } from "node:process";
import { type Command, CommanderError } from "commander";
import { SealpatchError } from "../errors.js";
import { printJson, styled } from "../terminal/index.js";

/** Exit codes of every command; 0 is done. */
export const EXIT = {
  /** A check is false, a rule refuses, or an error stopped the work. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
} as const;

/**
 * Runs the command that the arguments name and sets the process's exit code. Errors are printed, never thrown: three
 * lines on standard error, or with `--json` one object `{error}` on standard output.
 * @param argv as `process.argv`.
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  prepare(program, json);
  // A reader that has seen enough, such as `head`, is no error.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    // Help and version: printed already.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const failure = toFailure(error);
    process.exitCode = failure.code === "cli/usage" ? EXIT.usage : EXIT.refused;
    // A group without a command has shown what its commands are.
    if (error instanceof CommanderError && error.code === "commander.help" && !json) return;
    if (json) printJson({ error: failure });
    else printError(failure);
  }
}

/** Commander would print usage errors and end the process itself, each command on its own. */
function prepare(command: Command, json: boolean): void {
  command.exitOverride().configureOutput({ outputError: () => {}, ...(json ? { writeErr: () => {} } : {}) });
  for (const child of command.commands) prepare(child, json);
}

function toFailure(error: unknown): SealpatchError {
  if (error instanceof SealpatchError) return error;
  if (error instanceof CommanderError) {
    const message =
      error.code === "commander.help"
        ? "no command given"
        : error.message.replace(/^error: /, "").replaceAll("\n", " ");
    return new SealpatchError("cli/usage", message, { remedy: "add --help to see what the command takes" });
  }
  return new SealpatchError(
    "cli/unexpected",
    error instanceof Error ? error.message : "something failed that should not",
  );
}

function printError({ message, why, remedy }: SealpatchError): void {
  stderr.write(`${styled("red", "error:", stderr)} ${message}\n`);
  if (why !== undefined) stderr.write(`  why:   ${why.trim().replaceAll("\n", "\n         ")}\n`);
  if (remedy !== undefined) stderr.write(`  to do: ${remedy}\n`);
}
