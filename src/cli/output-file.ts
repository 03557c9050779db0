import { lstat, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { SealpatchError } from "../errors.js";
import { codeOf, refusalOf, writeWhole } from "../whole-file.js";

/** Mode of a file that only its owner may read. */
export const PRIVATE = 0o600;

/**
 * Writes a file that a command line names, readable for everybody unless told otherwise.
 * @param replace whether a file that is there may be replaced; then also the folder is made that it lies in.
 * @throws SealpatchError `cli/file-exists`, `cli/unwritable-file`.
 */
export async function writeOutput(
  file: string,
  data: string | Uint8Array,
  replace: boolean,
  mode = 0o644,
): Promise<void> {
  try {
    if (replace) await mkdir(dirname(file), { recursive: true });
    await writeWhole(file, data, { mode, replace });
  } catch (error) {
    throw codeOf(error) === "EEXIST" ? existing(file) : unwritable(file, refusalOf(error));
  }
}

/**
 * Checks, before anything slow, that files can be written which are not to replace any.
 * @throws SealpatchError `cli/file-exists`, `cli/unwritable-file` where there is no such folder.
 */
export async function assertNoFiles(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    const there = await lstat(file).catch(codeOf);
    if (typeof there !== "string") throw existing(file);
    const folder = await stat(dirname(file)).catch(codeOf);
    if (typeof folder === "string") throw unwritable(file, refusalOf({ code: folder }));
    if (!folder.isDirectory()) throw unwritable(file, refusalOf({ code: "ENOTDIR" }));
  }
}

/** JSON as files have it. */
export function jsonText(json: object): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}

function existing(file: string): SealpatchError {
  return new SealpatchError("cli/file-exists", `there is a file ${file} already`, {
    details: { file },
    why: "a file that is there is not replaced",
    remedy: "choose another name, or move that file away",
  });
}

function unwritable(file: string, why: string): SealpatchError {
  return new SealpatchError("cli/unwritable-file", `${file} cannot be written`, {
    details: { file },
    why,
    remedy: "choose a file in a folder that exists and that you may write to",
  });
}
