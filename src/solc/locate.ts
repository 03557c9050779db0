import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { findUpwards } from "./find-upwards.js";
import type { Import } from "./imports.js";
import { type Remapping, remappingFor } from "./remappings.js";

/** Where imports are looked for. */
export interface Places {
  /** Absolute. */
  readonly base: string;
  readonly remappings: readonly Remapping[];
}

/** A file by both of its paths. */
export interface Located {
  /** Absolute, by the links that led to it. */
  readonly path: string;
  /** The same without links: what tells whether two paths are one file. */
  readonly real: string;
}

/** A file by its path, which need not be there. */
export function located(path: string): Located {
  try {
    return { path, real: realpathSync(path) };
  } catch {
    return { path, real: path };
  }
}

/** Where a source lies that is asked for by its name: below the base, or in a package. */
export function locateNamed(name: string, { base }: Places): Located {
  const path = resolve(base, name);
  return located(existsSync(path) ? path : (inPackages(name, [dirname(path)]) ?? path));
}

/**
 * Where an import leads, as compiler and npm find it: a relative one from the importer's folder; any other by the remapping that
 * fits, else below the base and in the `node_modules` nearest to the importer, for a package its own first.
 * @returns a path, be a file there or not.
 */
export function locateImport({ path, up }: Import, from: Located, places: Places, near: string): Located {
  if (up !== undefined) {
    const relative = join("../".repeat(up), path);
    const [linked, real] = [from.path, from.real].map((importer) => join(dirname(importer), relative));
    return located(existsSync(linked!) || !existsSync(real!) ? linked! : real!);
  }
  const folders = [dirname(from.real), dirname(from.path), near];
  const remapping = remappingFor(path, from.path, places.remappings);
  const name = remapping === undefined ? path : join(remapping.target, path.slice(remapping.prefix.length));
  const below = resolve(places.base, name);
  const packaged = () => inPackages(name, folders);
  const own = remapping === undefined && from.real.split(sep).includes("node_modules");
  return located((own ? packaged() : undefined) ?? (existsSync(below) ? below : (packaged() ?? below)));
}

/** A file of a package that is installed in one of the folders or above it, or where the process runs. */
function inPackages(name: string, folders: readonly string[]): string | undefined {
  const packaged = join("node_modules", name);
  for (const folder of [...folders, process.cwd()]) {
    const found = findUpwards(folder, packaged);
    if (found !== undefined) return found;
  }
  return undefined;
}
