import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { SealpatchError } from "../errors.js";
import { codeOf, refusalOf, writeWhole } from "../whole-file.js";

/**
 * Writes a file that a command line names, readable for everybody.
 * @param replace whether a file that is there may be replaced; then also the folder is made that it lies in.
 * @throws SealpatchError `cli/file-exists`, `cli/unwritable-file`.
 */
export async function writeOutput(file: string, text: string, replace: boolean): Promise<void> {
  try {
    if (replace) await mkdir(dirname(file), { recursive: true });
    await writeWhole(file, text, { mode: 0o644, replace });
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      throw new SealpatchError("cli/file-exists", `there is a file ${file} already`, {
        details: { file },
        why: "a file that is there is not replaced",
        remedy: "choose another name, or move that file away",
      });
    }
    throw new SealpatchError("cli/unwritable-file", `${file} cannot be written`, {
      details: { file },
      why: refusalOf(error),
      remedy: "choose a file in a folder that exists and that you may write to",
    });
  }
}

/** JSON as files have it. */
export function jsonText(json: object): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}
