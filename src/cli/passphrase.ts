import { readFile, stat } from "node:fs/promises";
import { stderr, stdin } from "node:process";
import { StringDecoder } from "node:string_decoder";
import { SealpatchError } from "../errors.js";
import { refusalOf } from "../whole-file.js";
import { usageError } from "./options.js";

/** Where a person is asked: the part of a terminal that asking needs. */
export interface AskingTerminal {
  readonly input: NodeJS.ReadableStream & {
    readonly isTTY?: boolean | undefined;
    setRawMode?(raw: boolean): unknown;
  };
  readonly output: NodeJS.WritableStream;
}

const OWN_TERMINAL: AskingTerminal = { input: stdin, output: stderr };

/** Largest file that is read as a passphrase, in bytes. */
const MAX_FILE_BYTES = 4096;

/** Which passphrase is wanted. */
export interface WantedPassphrase {
  /** The file that holds it, where one is named. */
  readonly file: string | undefined;
  /** Whether it is asked for twice. */
  readonly isNew: boolean;
  /** What it opens, where a command needs several. */
  readonly of?: "account" | "relay";
}

/**
 * The passphrase of a keystore: of a file where one is named, else typed at the terminal, unseen. Never of an argument or a
 * variable, which other processes can read.
 * @throws SealpatchError `cli/usage` without file and terminal, `cli/unreadable-passphrase`, `cli/no-passphrase` where nothing
 *   is typed, `cli/passphrases-differ`.
 */
export async function passphraseOf(
  { file, isNew, of }: WantedPassphrase,
  terminal: AskingTerminal = OWN_TERMINAL,
): Promise<string> {
  if (file !== undefined) return readPassphrase(file);
  if (terminal.input.isTTY !== true) {
    throw usageError(
      "there is no terminal to ask for the passphrase",
      `name a file that holds it with --${of === undefined ? "" : `${of}-`}passphrase-file`,
    );
  }
  const passphrase = await ask(`Passphrase${of === undefined ? "" : ` of the ${of}`}: `, terminal);
  if (isNew && (await ask("Once more: ", terminal)) !== passphrase) {
    throw new SealpatchError("cli/passphrases-differ", "the two passphrases differ", {
      remedy: "start again: nothing was written",
    });
  }
  return passphrase;
}

/** One line, with or without its end. */
async function readPassphrase(file: string): Promise<string> {
  let why: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) throw unreadable(file, `it has more than ${MAX_FILE_BYTES} bytes`);
    const bytes = await readFile(file);
    const text = utf8(bytes)?.replace(/\r?\n$/, "");
    bytes.fill(0);
    if (text !== undefined && text !== "" && !/[\r\n]/.test(text)) return text;
    why = text === undefined ? "it is no text in UTF-8" : "it is empty, or has more than one line";
  } catch (error) {
    why = error instanceof SealpatchError ? error.why! : refusalOf(error);
  }
  throw unreadable(file, why);
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unreadable(file: string, why: string): SealpatchError {
  return new SealpatchError("cli/unreadable-passphrase", `no passphrase can be read from ${file}`, {
    details: { file },
    why,
    remedy: "write the passphrase into the file, on one line and nothing else",
  });
}

// What keys send.
const [INTERRUPT, END, BACKSPACE, DELETE] = ["\u0003", "\u0004", "\b", "\u007f"];
const ESCAPE = "\u001b";
/** Keys that move the cursor send several characters. */
const MOVES = new RegExp(`${ESCAPE}(\\[[0-9;?]*[ -/]*[@-~]|O[A-Z])`, "g");

/** Asks for a line that the terminal does not show. What is typed behind its end is left for the next question. */
function ask(question: string, { input, output }: AskingTerminal): Promise<string> {
  const decoder = new StringDecoder("utf8");
  let typed: string[] = [];
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      input.removeListener("data", take);
      input.removeListener("end", stop);
      input.setRawMode?.(false);
      input.pause();
      output.write("\n");
      typed = [];
      settle();
    };
    const stop = () => finish(() => reject(nothingGiven()));
    const take = (chunk: Buffer | string) => {
      const text = decoder.write(Buffer.from(chunk)).replace(MOVES, "");
      const characters = [...text];
      for (const [index, character] of characters.entries()) {
        if (character === INTERRUPT || character === END) return stop();
        if (character === "\r" || character === "\n") {
          const line = typed.join("");
          const rest = characters.slice(index + 1).join("");
          finish(() => (line === "" ? reject(nothingGiven()) : resolve(line)));
          if (rest !== "") input.unshift(Buffer.from(rest));
          return;
        }
        if (character === BACKSPACE || character === DELETE) typed.pop();
        else if (character >= " ") typed.push(character);
      }
    };
    output.write(question);
    input.setRawMode?.(true);
    input.on("data", take);
    input.on("end", stop);
    input.resume();
  });
}

function nothingGiven(): SealpatchError {
  return new SealpatchError("cli/no-passphrase", "no passphrase was given", {
    remedy: "start again, and end the passphrase with the return key",
  });
}
