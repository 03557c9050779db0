import { chmod, lstat, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getuid } from "node:process";
import { SealpatchError } from "../errors.js";
import { withLock } from "../lock.js";
import { codeOf } from "../whole-file.js";
import { Journal } from "./journal.js";
import { unwritableState } from "./unwritable.js";

/** Name of the state folder, in the folder of the project. */
export const STATE_FOLDER = ".sealpatch";
/** Permissions of group and others. */
const OTHERS = 0o077;

/** What a run keeps for the next one. Nothing in it is secret in clear. */
export interface State {
  readonly folder: string;
  readonly journal: Journal;
}

/**
 * Works with the state of a project: makes its folder where there is none, for its owner alone, and holds its lock meanwhile.
 * @param project the folder in which `.sealpatch` lies.
 * @throws SealpatchError `state/locked` with who holds it, `state/folder-unwritable`, `state/open-to-others`,
 *   `state/malformed-journal`.
 */
export async function withState<T>(project: string, work: (state: State) => Promise<T>): Promise<T> {
  const folder = join(project, STATE_FOLDER);
  await privateFolder(folder);
  const unwritable = (error: unknown) => unwritableState(folder, error);
  return withLock(folder, { locked: "state/locked", unwritable }, async () =>
    work({ folder, journal: await Journal.open(join(folder, "journal.jsonl")) }),
  );
}

/**
 * Makes a folder where there is none, for its owner alone, or checks that it is so; it is kept out of git.
 * @throws SealpatchError `state/folder-unwritable`, `state/open-to-others`.
 */
export async function privateFolder(folder: string): Promise<void> {
  await prepare(folder).catch((error: unknown) => {
    throw unwritableState(folder, error);
  });
}

async function prepare(folder: string): Promise<void> {
  const made = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
      return false;
    },
  );
  if (made) {
    // Whatever the umask left.
    await chmod(folder, 0o700);
    await writeFile(join(folder, ".gitignore"), "*\n", { mode: 0o600 });
    return;
  }
  const found = await lstat(folder);
  if (!found.isDirectory()) throw Object.assign(new Error("no folder"), { code: "ENOTDIR" });
  // Windows has neither users of this kind nor modes.
  if (getuid === undefined || (found.uid === getuid() && (found.mode & OTHERS) === 0)) return;
  throw new SealpatchError("state/open-to-others", `others may read or write ${folder}`, {
    details: { folder, mode: (found.mode & 0o777).toString(8) },
    why: "who writes into it decides which transactions are taken for sent",
    remedy: "look at what is in it and whose it is, then let only yourself in: `chmod 700`",
  });
}
