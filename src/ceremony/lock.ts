import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { pid } from "node:process";
import { setTimeout } from "node:timers/promises";
import { SealpatchError } from "../errors.js";
import { asUnwritable } from "./files.js";

/** Who works in a folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Name of the file that whoever works in a folder holds. */
export const LOCK_FILE = ".lock";
/** Long enough for a lock that was just made to be written. */
const WRITING_MS = 200;

/**
 * Does work that writes to a ceremony's folder while no other process does. What a killed process left is taken over.
 * @throws SealpatchError `ceremony/locked` with who holds it, `ceremony/folder-unwritable`.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = join(folder, LOCK_FILE);
  await take(file, folder);
  try {
    return await work();
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

async function take(file: string, folder: string): Promise<void> {
  const own: Holder = { pid, host: hostname() };
  for (let attempt = 0; ; attempt++) {
    try {
      return await writeFile(file, JSON.stringify(own), { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw asUnwritable(error, folder);
    }
    const text = await readLock(file);
    const holder = holderOf(text);
    const isLeft = holder === undefined || (holder.host === own.host && !isAlive(holder.pid));
    if (!isLeft || attempt > 0) throw locked(folder, holder);
    await putAside(file, text);
  }
}

/** What a lock says. Where that is no holder, a second time: it may just be written. */
async function readLock(file: string): Promise<string> {
  const read = () => readFile(file, "utf8").catch(() => "");
  const text = await read();
  if (holderOf(text) !== undefined) return text;
  await setTimeout(WRITING_MS);
  return read();
}

/** Removes a lock that was left. Of several who find it one moves it; who moved another one than he read puts that back. */
async function putAside(file: string, left: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, "utf8")) !== left) await copyFile(aside, file, constants.COPYFILE_EXCL);
  } catch {
    // Somebody else was quicker: what there is now is looked at again.
  } finally {
    await rm(aside, { force: true });
  }
}

/** Undefined where the text says nothing: it was torn by whoever was stopped while he wrote it. */
function holderOf(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.pid === "number" && typeof holder.host === "string" ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(process: number): boolean {
  // Signal 0 asks only; its owner may be another user.
  try {
    globalThis.process.kill(process, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function locked(folder: string, holder: Holder | undefined): SealpatchError {
  return new SealpatchError("ceremony/locked", "another run works in this folder", {
    details: { folder, pid: holder?.pid ?? null, host: holder?.host ?? null },
    why:
      holder === undefined ? "its lock was just taken" : `process ${holder.pid} on ${holder.host} holds it`,
    remedy: "wait for it to end; if that machine is gone, delete the folder's file .lock",
  });
}
