import type { Hex } from "../vectors/index.js";
import { readInputText } from "./input-file.js";
import { checkHex, usageError } from "./options.js";

/**
 * Bytes that an option gives: hex as it stands there, or `@FILE`, whose text is hex.
 * @throws SealpatchError `cli/usage`, `cli/unreadable-file`.
 */
export async function hexArgument(text: string): Promise<Hex> {
  return checkHex(text.startsWith("@") ? (await readInputText(text.slice(1))).trim() : text);
}

/**
 * The same for bytes that nobody may see before disclosure. A command line is no place for them: every account of the machine can
 * read it in the list of processes, and the shell keeps it in its history.
 * @param option the one that holds them, for the error.
 * @throws SealpatchError `cli/usage`, `cli/unreadable-file`.
 */
export async function secretHexArgument(text: string, option: string): Promise<Hex> {
  if (text.startsWith("@") || text === "0x") return hexArgument(text);
  throw usageError(
    `${option} shows what it holds to everybody on this machine`,
    `write the hex into a file that only you can read, and give ${option} @FILE`,
  );
}
