import { readFile, stat } from "node:fs/promises";
import { SealpatchError } from "../errors.js";
import { refusalOf } from "../whole-file.js";

/** Largest file that is read, in bytes: a bundle holds the sources of two whole projects, and they are far smaller. */
const MAX_BYTES = 2 ** 27;

/**
 * Reads a file that a command line names.
 * @throws SealpatchError `cli/unreadable-file`.
 */
export async function readInput(file: string): Promise<Uint8Array> {
  let why = `it has more than ${MAX_BYTES} bytes`;
  try {
    if ((await stat(file)).size <= MAX_BYTES) return await readFile(file);
  } catch (error) {
    why = refusalOf(error);
  }
  throw new SealpatchError("cli/unreadable-file", `${file} cannot be read`, {
    details: { file },
    why,
    remedy: "check the path, and whether you may read the file",
  });
}

/** The same as a text in UTF-8. */
export async function readInputText(file: string): Promise<string> {
  return new TextDecoder().decode(await readInput(file));
}
