import { stderr, stdin } from "node:process";
import { createInterface } from "node:readline";
import { SealpatchError } from "../errors.js";
import { usageError } from "./options.js";
import type { AskingTerminal } from "./passphrase.js";

/** How a command is confirmed. */
interface ConfirmOptions {
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const OWN_TERMINAL: AskingTerminal = { input: stdin, output: stderr };

/**
 * Checks, before anything slow, that somebody can be asked, or that nobody need be.
 * @throws SealpatchError `cli/usage`.
 */
export function assertConfirmable(
  { yes, json }: ConfirmOptions,
  terminal: AskingTerminal = OWN_TERMINAL,
): void {
  if (yes || (terminal.input.isTTY === true && !json)) return;
  throw usageError(
    json ? "with --json nobody is asked" : "there is no terminal to ask at",
    "confirm beforehand with --yes, once you have seen what will happen",
  );
}

/**
 * Asks for a text that shows that what was shown was read. Nobody is asked with `--yes`.
 * @param wanted capital letters do not count.
 * @throws SealpatchError `cli/not-confirmed`.
 */
export async function confirm(
  question: string,
  wanted: string,
  { yes }: ConfirmOptions,
  { input, output }: AskingTerminal = OWN_TERMINAL,
): Promise<void> {
  if (yes) return;
  const lines = createInterface({ input, output, terminal: true });
  const typed = await new Promise<string>((resolve) => {
    lines.once("close", () => resolve(""));
    lines.once("SIGINT", () => lines.close());
    lines.question(question, resolve);
  });
  lines.close();
  if (typed.trim().toLowerCase() === wanted.toLowerCase()) return;
  throw new SealpatchError("cli/not-confirmed", "what was typed is not what was asked for", {
    why: "nothing was signed, written or sent",
    remedy: "compare what is shown once more, and start again",
  });
}
