import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { SealpatchError } from "../errors.js";
import { unreadable } from "../proof/keys/index.js";

/** End of a file's name while it is written. */
export const MAKING = ".making";

/** SHA-256 of a file, 64 hex digits. @throws SealpatchError `key/unreadable`. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash).catch((cause: unknown) => {
    throw unreadable(file, "it cannot be opened", cause);
  });
  return hash.digest("hex");
}

/**
 * Writes a file so that under its name it is complete or not there, whatever stops the process or the machine.
 * @param write fills the file whose name it gets.
 * @throws SealpatchError `ceremony/folder-unwritable`, and what `write` throws; nothing is left behind then.
 */
export async function writeDurably(file: string, write: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = `${file}${MAKING}`;
  try {
    await write(scratch);
    await synced(scratch);
    await rename(scratch, file);
    // The name is part of the folder.
    await synced(dirname(file));
  } catch (error) {
    await rm(scratch, { force: true }).catch(() => {});
    throw asUnwritable(error, dirname(file));
  }
}

/**
 * Does work in a folder, which is made where it is missing. Where the work fails, a folder that was made for it and that is empty is removed
 * again; finished files stay, for the next run to go on with.
 * @throws SealpatchError `ceremony/folder-unwritable`, and what the work throws.
 */
export async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const made = await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw asUnwritable(error, folder);
  });
  try {
    await sweep(folder);
    return await work();
  } catch (error) {
    if (made !== undefined) await rmdir(folder).catch(() => {});
    throw error;
  }
}

/** Removes what a stopped process left in a folder. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (name.endsWith(MAKING)) await rm(join(folder, name), { force: true });
}

/** An error of the file system as one of this package, by its code alone; every other error as it is. */
export function asUnwritable(error: unknown, folder: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof SealpatchError || typeof code !== "string" || syscall === undefined) return error;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new SealpatchError("ceremony/folder-unwritable", `nothing can be written to ${basename(folder)}`, {
    details: { folder, cause: code },
    why: full ? "the disk is full" : `the system says ${code}`,
    remedy: full ? "make room and run the same command again" : "give a folder that you may write to",
  });
}

/** Waits until a file, or the names in a folder, are on the disk. */
export async function synced(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
