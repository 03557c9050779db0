import { Command } from "commander";

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
