import { randomUUID } from "node:crypto";
import { readFile, readlink, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SealpatchError } from "../../errors.js";
import { prepareHashing } from "../../field/index.js";
import { parseVectorSet, vectorSetToJson } from "./canonical.js";
import type { VectorSet } from "./schema.js";

/** Largest vector file that is read: 64 MiB. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/**
 * Reads and checks a vector file.
 * @throws SealpatchError `vectors/unreadable` (not a file, too large, not JSON), or as `parseVectorSet` does.
 */
export async function readVectorSet(path: string): Promise<VectorSet> {
  let json: unknown;
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES)
      throw unreadable(path, `the file has ${size} bytes, more than ${MAX_FILE_BYTES}`);
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof SealpatchError) throw error;
    // A JSON syntax error quotes the text, which may be an incident vector.
    const why = error instanceof SyntaxError ? "the file is not JSON" : REASONS[codeOf(error)];
    throw unreadable(path, why ?? "the file system refuses it");
  }
  // A set that is read is hashed next.
  await prepareHashing();
  return parseVectorSet(json);
}

function unreadable(path: string, why: string): SealpatchError {
  return new SealpatchError("vectors/unreadable", `the vector file ${path} cannot be read`, {
    details: { path },
    why,
    remedy: "check the path, and that the file is a vector set",
  });
}

/**
 * Writes a vector file; a reader sees the old file or the whole new one. Incident vectors only their owner may read. Where the path is a link,
 * the file that it leads to is written and the link stays.
 * @throws SealpatchError `vectors/unwritable`, and as `vectorSetToJson` does.
 */
export async function writeVectorSet(path: string, set: VectorSet): Promise<void> {
  const text = `${JSON.stringify(vectorSetToJson(set), null, 2)}\n`;
  const mode = set.vectors.some((vector) => vector.kind === "incident") ? 0o600 : 0o644;
  try {
    await replace(await targetOf(path), text, mode);
  } catch (error) {
    throw new SealpatchError("vectors/unwritable", `the vector file ${path} cannot be written`, {
      details: { path },
      why: REASONS[codeOf(error)] ?? "the file system refuses it",
      remedy: "choose a file in a folder that exists and that you may write to",
    });
  }
}

/** What refusals of the file system mean. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it is not permitted",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is no folder",
  EPERM: "it is not permitted",
  EROFS: "the file system is read-only",
};

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

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text, { mode });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
