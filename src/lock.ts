import { rmSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { pid } from "node:process";
import { atExit } from "./at-exit.js";
import type { ErrorCode } from "./error-codes/index.js";
import { SealpatchError } from "./errors.js";
import { codeOf, writeWhole } from "./whole-file.js";

/** Who works in a folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** How a lock refuses. */
export interface LockErrors {
  /** Code of the error that says who holds it. */
  readonly locked: ErrorCode;
  /** Makes the error for a folder that does not take the lock's file. */
  readonly unwritable: (error: unknown) => unknown;
}

/** The lock's file, below the folder that it is for. */
export const LOCK_FILE = ".lock";

/**
 * Does work that writes to a folder while no other process does. What a killed process left is taken over.
 * @throws SealpatchError with the code for a folder that is locked, and who holds it; what `unwritable` makes.
 */
export async function withLock<T>(folder: string, errors: LockErrors, work: () => Promise<T>): Promise<T> {
  const file = join(folder, LOCK_FILE);
  await take(file, folder, errors);
  const done = atExit(() => rmSync(file, { force: true }));
  try {
    return await work();
  } finally {
    await rm(file, { force: true }).catch(() => {});
    done();
  }
}

async function take(file: string, folder: string, errors: LockErrors): Promise<void> {
  const own: Holder = { pid, host: hostname() };
  for (let attempt = 0; ; attempt++) {
    try {
      // Whole or not there: a lock that is only begun says nothing of its holder.
      return await writeWhole(file, JSON.stringify(own), { mode: 0o600, replace: false });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw errors.unwritable(error);
    }
    const holder = await readHolder(file);
    if (!isLeft(holder) || attempt > 1) throw locked(folder, holder, errors);
    await removeLeft(file, own).catch((error: unknown) => {
      throw errors.unwritable(error);
    });
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  return holderIn(await readFile(file, "utf8").catch(() => ""));
}

/** Undefined where the text names nobody. */
function holderIn(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.pid === "number" && typeof holder.host === "string" ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

const isLeft = (holder: Holder | undefined): boolean =>
  holder === undefined || (holder.host === hostname() && !isAlive(holder.pid));

/**
 * Removes a lock that was left. One process at a time does, and looks at it again before: another one may have taken it since, and a lock
 * that is moved or removed while it is looked at lets two in.
 */
async function removeLeft(file: string, own: Holder): Promise<void> {
  const claim = `${file}.left`;
  try {
    await writeWhole(claim, JSON.stringify(own), { mode: 0o600, replace: false });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    // Of a process that was stopped while it did this.
    if (isLeft(await readHolder(claim))) await rm(claim, { force: true });
    return;
  }
  try {
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text !== undefined && isLeft(holderIn(text))) await rm(file, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

function isAlive(process: number): boolean {
  // Signal 0 asks only; its owner may be another user.
  try {
    globalThis.process.kill(process, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function locked(folder: string, holder: Holder | undefined, errors: LockErrors): SealpatchError {
  return new SealpatchError(errors.locked, "another run works in this folder", {
    details: { folder, pid: holder?.pid ?? null, host: holder?.host ?? null },
    why:
      holder === undefined ? "its lock was just taken" : `process ${holder.pid} on ${holder.host} holds it`,
    remedy: `wait for it to end; if that machine is gone, delete ${LOCK_FILE} in ${basename(folder)}`,
  });
}
