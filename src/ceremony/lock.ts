import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { pid } from "node:process";
import { SealpatchError } from "../errors.js";
import { asUnwritable } from "./files.js";

/** Who works in a folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Does work that writes to a ceremony's folder while no other process does. What a killed process left is taken over.
 * @throws SealpatchError `ceremony/locked` with who holds it, `ceremony/folder-unwritable`.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = join(folder, ".lock");
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
    const holder = await readHolder(file);
    const isLeft = holder === undefined || (holder.host === own.host && !isAlive(holder.pid));
    if (!isLeft || attempt > 0) throw locked(folder, holder);
    await rm(file, { force: true });
  }
}

/** Undefined where the file says nothing: it was torn by whoever was stopped while he wrote it. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(file, "utf8")) as Partial<Holder>;
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
