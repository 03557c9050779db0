import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { link, lstat, open, readdir, readlink, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { atExit } from "./at-exit.js";

/** How a file is written. */
export interface WriteOptions {
  /** Permissions of the new file, `0o600` for what only its owner may read. */
  readonly mode: number;
  /** Whether a file that is there may be replaced; else it stays, with the error `EEXIST` of the file system. */
  readonly replace: boolean;
}

/** Of a file that is being written: what its name has behind that of the file which it becomes. */
const TEMPORARY = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;
/** Longer than a file takes to be written, in milliseconds. */
const STALE = 10 * 60_000;

/**
 * Writes a file so that a reader, also after a crash, sees the whole new one, or what was there before. Where the path is a
 * link and may be replaced, the file that it leads to is written and the link stays. What a writer of the same file left behind who was
 * killed is taken away.
 * @throws an error of the file system; `refusalOf` says it in words.
 */
export async function writeWhole(
  path: string,
  data: string | Uint8Array,
  { mode, replace }: WriteOptions,
): Promise<void> {
  const target = replace ? await targetOf(path) : path;
  const temporary = `${target}.${randomUUID()}.tmp`;
  const done = atExit(() => rmSync(temporary, { force: true }));
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link is made only where no file is; a rename replaces one.
    await (replace ? rename(temporary, target) : link(temporary, target));
  } finally {
    await rm(temporary, { force: true });
    done();
  }
  await removeStale(target);
  await syncFolder(dirname(target));
}

/** Takes away what nobody writes any more. Where that is refused the file is written all the same. */
async function removeStale(target: string): Promise<void> {
  const [folder, name] = [dirname(target), basename(target)];
  for (const entry of await readdir(folder).catch(() => [])) {
    if (!entry.startsWith(name) || !TEMPORARY.test(entry.slice(name.length))) continue;
    const path = join(folder, entry);
    const since = await lstat(path).catch(() => undefined);
    if (since !== undefined && Date.now() - since.mtimeMs > STALE) await rm(path).catch(() => {});
  }
}

/** The name of a file is safe when its folder is; some systems do not open folders. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Where a path leads, be the file there already or not. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    const link = await readlink(path).catch(() => undefined);
    return link === undefined ? path : targetOf(resolve(dirname(path), link));
  }
}

/** The code of a refusal by the file system; empty for other errors. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}

/** What a refusal by the file system means. */
export function refusalOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? "the file system refuses it";
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it is not permitted",
  EDQUOT: "no more of the disk may be used",
  EEXIST: "there is a file of that name",
  EFBIG: "it would be larger than a file may be",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is no folder",
  EPERM: "it is not permitted",
  EROFS: "the file system is read-only",
};
