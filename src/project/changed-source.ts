import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findUpwards, type StandardInput } from "../solc/index.js";

/**
 * The name of a source that the project has in another form than it was compiled in: below its folder, where tools name sources by their
 * paths, or in the nearest `node_modules` that has it, where Hardhat names those of packages by their packages. A source that is in
 * neither was not changed, but is gone.
 * @param sources of the compiler's input.
 * @param folder the project's.
 * @returns the first one; none where all that are there are as they were.
 */
export async function changedSource(
  sources: StandardInput["sources"],
  folder: string,
): Promise<string | undefined> {
  const root = resolve(folder);
  for (const [name, { content }] of Object.entries(sources)) {
    const text = (await textAt(resolve(root, name))) ?? (await packagedText(root, name));
    if (text !== undefined && text !== content) return name;
  }
  return undefined;
}

async function packagedText(root: string, name: string): Promise<string | undefined> {
  const file = findUpwards(root, join("node_modules", name));
  return file === undefined ? undefined : textAt(file);
}

function textAt(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
