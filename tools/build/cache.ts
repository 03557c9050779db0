import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
/** Everything that is generated lies below; deleting it is always safe. */
export const BUILD = join(ROOT, "build");

/**
 * The folder `build/<name>-<key>`, made by `produce` where it is missing. It appears complete or not at all, by
 * renaming: an interrupted build leaves nothing that looks finished, and of two builds at once the first one wins.
 */
export async function cached(
  name: string,
  key: string,
  produce: (folder: string) => Promise<void>,
): Promise<{ folder: string; fresh: boolean }> {
  const folder = join(BUILD, `${name}-${key}`);
  if (existsSync(folder)) return { folder, fresh: false };
  await mkdir(dirname(folder), { recursive: true });
  const scratch = await mkdtemp(`${folder}.making-`);
  try {
    await produce(scratch);
    await rename(scratch, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return { folder, fresh: true };
}
