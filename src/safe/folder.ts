import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SealpatchError } from "../errors.js";
import { parseSchedule, type ScheduleMember, scheduleToJson } from "../lane/index.js";
import { codeOf, refusalOf, syncFolder, writeWhole } from "../whole-file.js";
import { actionOf, type SafeAction } from "./action.js";
import { nestedTypedDataOf, transactionBuilderOf, typedDataOf } from "./documents.js";
import { parseSafeRequest, type SafeRequest, safeRequestToJson } from "./form.js";
import { safeHashes } from "./transaction.js";
import { nestedFile, validationDocument } from "./validation.js";

/** Name of the file that all others are made of. */
const REQUEST_FILE = "safe-tx.json";
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
    if ((await readFile(join(folder, name), "utf8").catch(() => undefined)) === text) continue;
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

/** A file of a folder; undefined where there is none. @throws SealpatchError `safe/unreadable-folder`. */
export async function textIn(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  try {
    const about = await lstat(path);
    // A link or a pipe may lead to anything, also to what never ends.
    if (!about.isFile() || about.size > MAX_BYTES)
      throw new SealpatchError("safe/unreadable-folder", `${path} cannot be read`, {
        details: { file: path },
        why: about.isFile() ? `it has more than ${MAX_BYTES} bytes` : "it is not a file",
        remedy: "take the folder as it was made",
      });
    return await readFile(path, "utf8");
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

/** Folders beside one that are of a transaction of the same Safe with the same nonce, and of another hash. */
export async function foldersOnNonce({
  folder,
  request,
}: Pick<SafeFolder, "folder" | "request">): Promise<string[]> {
  const around = dirname(resolve(folder));
  const own = safeHashes(request, request.transaction).safeTxHash;
  const names = await readdir(around, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of names) {
    const path = join(around, entry.name);
    if (!entry.isDirectory() || path === resolve(folder)) continue;
    // What is no such folder is none.
    const other = await textIn(path, REQUEST_FILE)
      .then(parseSafeRequest)
      .catch(() => undefined);
    if (other === undefined) continue;
    const isRival =
      other.chainId === request.chainId &&
      other.safe === request.safe &&
      other.transaction.nonce === request.transaction.nonce &&
      // Of the fields: what a file says of its hashes may be anything.
      safeHashes(other, other.transaction).safeTxHash !== own;
    if (isRival) found.push(path);
  }
  return found.sort();
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
