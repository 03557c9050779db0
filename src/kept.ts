import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUILD_FOLDER } from "./manifest.js";

/** Short hash of what a product is made of: sources, versions, settings. */
export function contentKey(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, 16);
}

/** A value that is kept as JSON. */
export interface Kept<T> {
  /** The value, or undefined where it has not been kept yet. */
  read(): T | undefined;
  /** Keeps the value, and gives it back. */
  keep(value: T): T;
}

/**
 * A value below `build/<folder>/` that its content names: what was made once is read from there the next time. Its file
 * appears complete or not at all, and deleting it is always safe.
 * @param parts everything that the value depends on.
 */
export function keptJson<T>(folder: string, parts: readonly string[]): Kept<T> {
  const file = join(BUILD_FOLDER, folder, `${contentKey(parts)}.json`);
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
