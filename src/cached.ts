import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { atExit } from "./at-exit.js";
import { BUILD, keptHome } from "./places.js";

/** Short hash of what a product is made of: sources, versions, settings. */
export function contentKey(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, 16);
}

/**
 * The folder `<home>/<name>-<key>`, made by `produce` where it is missing. It appears complete or not at all, by
 * renaming: an interrupted build leaves nothing that looks finished, and of two builds at once the first one wins.
 * @param home the repository's build, unless given.
 */
export async function cached(
  name: string,
  key: string,
  produce: (folder: string) => Promise<void>,
  home: string = BUILD,
): Promise<{ folder: string; fresh: boolean }> {
  const folder = join(home, `${name}-${key}`);
  if (existsSync(folder)) return { folder, fresh: false };
  await mkdir(dirname(folder), { recursive: true });
  const scratch = await mkdtemp(`${folder}.making-`);
  // A process that is told to stop leaves nothing behind either: what is made here may be hundreds of megabytes.
  const done = atExit(() => rmSync(scratch, { recursive: true, force: true }));
  try {
    await produce(scratch);
    await rename(scratch, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
    done();
  }
  return { folder, fresh: true };
}

/** A value that is kept as JSON. */
export interface Kept<T> {
  /** The value, or undefined where it has not been kept yet. */
  read(): T | undefined;
  /** Keeps the value, and gives it back. */
  keep(value: T): T;
}

/**
 * A value below `<home>/<folder>/` that its content names: what was made once is read from there the next time. Its file
 * appears complete or not at all, and deleting it is always safe.
 * @param parts everything that the value depends on.
 */
export function keptJson<T>(folder: string, parts: readonly string[]): Kept<T> {
  const file = join(keptHome(), folder, `${contentKey(parts)}.json`);
  return {
    read: () => (existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined),
    keep(value) {
      mkdirSync(dirname(file), { recursive: true });
      const scratch = `${file}.${process.pid}`;
      writeFileSync(scratch, JSON.stringify(value));
      renameSync(scratch, file);
      return value;
    },
  };
}
