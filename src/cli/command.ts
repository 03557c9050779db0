import { Command, InvalidArgumentError } from "commander";
import { SealpatchError } from "../errors.js";

/** What the help of a command says. */
export interface CommandHelp {
  readonly description: string;
  /** Complete command lines. */
  readonly examples: readonly string[];
}

/**
 * A command that does one thing: with `--json`, and examples at the end of its help. The options object that its action
 * gets has `json?: boolean`.
 * @param usage name and arguments, in commander's notation: `run <set>`.
 */
export function newCommand(usage: string, { description, examples }: CommandHelp): Command {
  const [name, ...args] = usage.split(" ");
  const command = new Command(name).description(description);
  for (const argument of args) command.argument(argument);
  return command
    .option("--json", "print one JSON object on standard output and nothing else")
    .addHelpText("after", `\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}`);
}

/** For an option that may be given several times: all values, in order. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** For an option that takes a count. */
export function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It takes a whole number.");
}

/** An error of whoever wrote the command line: exit code 2. */
export function usageError(message: string, remedy: string): SealpatchError {
  return new SealpatchError("cli/usage", message, { remedy });
}
