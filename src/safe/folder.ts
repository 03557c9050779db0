import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SealpatchError } from "../errors.js";
import { parseSchedule, type ScheduleMember, scheduleToJson } from "../lane/index.js";
import { codeOf, refusalOf, syncFolder, writeWhole } from "../whole-file.js";
import { actionOf, type SafeAction } from "./action.js";
import { nestedTypedDataOf, transactionBuilderOf, typedDataOf } from "./documents.js";
import { parseSafeRequest, type SafeRequest, safeRequestToJson } from "./form.js";
import { nestedFile, validationDocument } from "./validation.js";

/** Name of the file that all others are made of. */
export const REQUEST_FILE = "safe-tx.json";
/** Name of what is scheduled, in a folder of a transaction that schedules. */
const SCHEDULE_FILE = "schedule.json";
/** Largest file that is read of a folder, in bytes. */
const MAX_BYTES = 2 ** 24;

/** What goes between the owners of a Safe. */
export interface SafeFolder {
  readonly folder: string;
  readonly request: SafeRequest;
  /** What is scheduled; of a transaction that schedules. */
  readonly schedule: readonly ScheduleMember[] | undefined;
}

/** What a folder is made of. */
export type SafeFolderParts = Omit<SafeFolder, "folder">;

/** What a transaction does, and the statement that it schedules. */
export async function actionIn({ request, schedule }: SafeFolderParts): Promise<{
  readonly action: SafeAction | undefined;
  readonly member: ScheduleMember | undefined;
}> {
  const action = await actionOf(request, request.transaction);
  const scheduled = (action?.values.request as { commitment?: bigint } | undefined)?.commitment;
  const member = schedule?.find(({ attest }) => attest.statement.commitment === scheduled);
  return { action, member };
}

/**
 * All files of a folder but the signatures, by name: whoever has the transaction makes the same ones.
 * @throws SealpatchError `safe/malformed-transaction`.
 */
export async function safeFiles(parts: SafeFolderParts): Promise<Readonly<Record<string, string>>> {
  const { request, schedule } = parts;
  const { action, member } = await actionIn(parts);
  const nested = Object.keys(request.nested).map((owner) => [
    nestedFile(owner),
    nestedTypedDataOf(request, owner),
  ]);
  return {
    [REQUEST_FILE]: `${JSON.stringify(safeRequestToJson(request), null, 2)}\n`,
    "typed-data.json": typedDataOf(request),
    ...Object.fromEntries(nested),
    "transaction-builder.json": transactionBuilderOf(request, action?.title ?? "unknown"),
    "VALIDATION.md": validationDocument({ request, action, member }),
    ...(schedule === undefined
      ? {}
      : { [SCHEDULE_FILE]: `${JSON.stringify(scheduleToJson(schedule), null, 2)}\n` }),
  };
}

/**
 * Writes a folder for the owners of a Safe, whole or not at all. One that is there with the same transaction stays as it is, with its
 * signatures.
 * @returns whether it is new.
 * @throws SealpatchError `safe/other-folder`, `safe/unwritable-folder`.
 * @example
 * ```ts
 * const { target: to, data } = timelock.haltCall("an auditor lost a key");
 * const account = await readSafe(timelock.provider, safe);
 * const request = safeRequest(account, plainCall({ to, data, nonce: account.nonce }));
 * await writeSafeFolder("safe-halt-7", { request, schedule: undefined });
 * ```
 */
export async function writeSafeFolder(folder: string, parts: SafeFolderParts): Promise<boolean> {
  const files = await safeFiles(parts);
  const path = resolve(folder);
  try {
    if (await isThere(path)) {
      await assertSame(path, files);
      return false;
    }
    await mkdir(dirname(path), { recursive: true });
    const scratch = await mkdtemp(join(dirname(path), `.${basename(path)}.`));
    try {
      await mkdir(join(scratch, SIGNATURES));
      for (const [name, text] of Object.entries(files))
        await writeWhole(join(scratch, name), text, { mode: 0o644, replace: false });
      await rename(scratch, path);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    throw unwritable(folder, error);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Name of the folder of signatures. */
export const SIGNATURES = "signatures";

async function assertSame(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    if ((await textIn(folder, name).catch(() => undefined)) === text) continue;
    throw new SealpatchError("safe/other-folder", `${folder} is there, and is of something else`, {
      details: { folder, file: name },
      why: "its files are not those of this transaction, and signatures may lie beside them",
      remedy: "choose another folder, or move that one away",
    });
  }
}

/**
 * Reads a folder. Whether its files are made of its transaction is what `checkSafeFolder` says.
 * @throws SealpatchError `safe/unreadable-folder`, `safe/malformed-transaction`, and as `parseSchedule`.
 */
export async function readSafeFolder(folder: string): Promise<SafeFolder> {
  const request = parseSafeRequest((await textIn(folder, REQUEST_FILE)) ?? missing(folder));
  const schedule = await textIn(folder, SCHEDULE_FILE);
  return { folder, request, schedule: schedule === undefined ? undefined : parseSchedule(schedule) };
}

/** Names of what lies in a folder and is not made of its transaction; hidden files, which nobody is shown, and signatures aside. */
export async function strangersIn(parts: SafeFolder): Promise<string[]> {
  const { action } = await actionIn(parts);
  const known = [...Object.keys(await safeFiles(parts)), SIGNATURES];
  return (await readdir(parts.folder))
    .filter((name) => !known.includes(name) || (name === SCHEDULE_FILE && action?.name !== "schedule"))
    .filter((name) => !name.startsWith(".") && !name.endsWith(".tmp"))
    .sort();
}

/** A file of a folder; undefined where there is none. @throws SealpatchError `safe/unreadable-folder`. */
export async function textIn(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  try {
    return await plainText(path);
  } catch (error) {
    if (error instanceof SealpatchError) throw error;
    if (codeOf(error) === "ENOENT") return undefined;
    throw new SealpatchError("safe/unreadable-folder", `${path} cannot be read`, {
      details: { file: path },
      why: refusalOf(error),
      remedy: "check the path, and whether you may read it",
    });
  }
}

/** Of what was opened, whatever stands at its path meanwhile: a link or a pipe may lead to anything, also to what never ends. */
async function plainText(path: string): Promise<string> {
  const file = await openPlain(path);
  try {
    const about = await file.stat();
    if (!about.isFile()) throw noPlainFile(path, "it is not a file");
    const bytes = Buffer.alloc(Math.min(about.size, MAX_BYTES) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      ({ bytesRead: read } = await file.read(bytes, length, bytes.length - length));
    if (length > MAX_BYTES) throw noPlainFile(path, `it has more than ${MAX_BYTES} bytes`);
    if (length > about.size) throw noPlainFile(path, "it grew while it was read");
    return bytes.toString("utf8", 0, length);
  } finally {
    await file.close();
  }
}

async function openPlain(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    // What is no link that is not followed, and no socket, has another reason.
    if (codeOf(error) !== "ELOOP" && codeOf(error) !== "ENXIO") throw error;
    throw noPlainFile(path, "it is not a file");
  }
}

function noPlainFile(path: string, why: string): SealpatchError {
  return new SealpatchError("safe/unreadable-folder", `${path} cannot be read`, {
    details: { file: path },
    why,
    remedy: "take the folder as it was made",
  });
}

function missing(folder: string): never {
  throw new SealpatchError("safe/unreadable-folder", `there is no ${REQUEST_FILE} in ${folder}`, {
    details: { file: join(folder, REQUEST_FILE) },
    why: "a folder for the owners of a Safe has one",
    remedy: "name a folder that was written for the owners of a Safe",
  });
}

function unwritable(folder: string, error: unknown): unknown {
  if (error instanceof SealpatchError || codeOf(error) === "") return error;
  return new SealpatchError("safe/unwritable-folder", `${folder} cannot be written`, {
    details: { folder },
    why: refusalOf(error),
    remedy: "choose a folder in a place that you may write to",
  });
}
