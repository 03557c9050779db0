import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BUILD } from "./places.js";

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
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    await produce(scratch);
    await rename(scratch, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
    process.removeListener("exit", remove);
  }
  return { folder, fresh: true };
}
