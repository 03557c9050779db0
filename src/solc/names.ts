import { dirname, relative, sep } from "node:path";
import type { StandardInput } from "./compile.js";
import type { Import } from "./imports.js";
import type { Located } from "./locate.js";

/** A file among those that are compiled together. */
export interface Source extends Located {
  /** As it was asked for or imported first; undefined where its place gives it a name. */
  readonly name: string | undefined;
  readonly content: string;
  readonly imports: (Import & { readonly target: Source })[];
}

/** Sources under the names of the compiler. */
export interface NamedSources {
  readonly sources: StandardInput["sources"];
  /** solc's, by which each import leads to its file; none where names do. */
  readonly remappings: readonly string[];
  /** The folder that places are named from: the one that was given, or one above it. */
  readonly base: string;
  /** The sources that have their name from their place. */
  readonly placed: readonly Source[];
  /** A name that two files have all the same, of packages at one place in two folders: such sources are not to be compiled. */
  readonly clash: string | undefined;
}

/**
 * Names sources: by their imports, or by their place below the base folder where these say nothing, or would call two files by
 * one name. The base is moved up where one of the latter lies above it, in no package. So every file has one name, every name
 * one file, and no name holds more of a path than what the files have not in common.
 * @param found each file once.
 */
export function nameSources(found: readonly Source[], start: string): NamedSources {
  const placed = new Set(found.filter(({ name }) => name === undefined));
  for (;;) {
    const base = [...placed]
      .filter(({ path }) => packagePath(path) === undefined)
      .reduce((folder, { path }) => commonFolder(folder, path), start);
    const names = new Map(
      found.map((source) => [source, placed.has(source) ? placeOf(source, base) : source.name!]),
    );
    const all = [...names.values()].toSorted();
    const shared = new Set(all.filter((name, index) => name === all[index + 1]));
    const doubtful = found.filter((source) => !placed.has(source) && shared.has(names.get(source)!));
    if (doubtful.length === 0) return { ...named(found, names, base, placed), clash: [...shared][0] };
    for (const source of doubtful) placed.add(source);
  }
}

function named(
  found: readonly Source[],
  names: ReadonlyMap<Source, string>,
  base: string,
  placed: ReadonlySet<Source>,
): Omit<NamedSources, "clash"> {
  const sources = Object.fromEntries(
    found.map((source) => [names.get(source)!, { content: source.content }]),
  );
  const remappings = found.flatMap((source) => {
    const importer = names.get(source)!;
    const edges = source.imports.map(({ path, up, target }) => ({
      asked: up === undefined ? path : askedFor(importer, up, path),
      name: names.get(target)!,
    }));
    if (edges.every(({ asked, name }) => asked === name)) return [];
    // All of them: one import may begin with another, and the longest decides.
    return edges.map(({ asked, name }) => `${importer}:${asked}=${name}`);
  });
  return { sources, remappings: [...new Set(remappings)], base, placed: [...placed] };
}

/** The name that the compiler makes of a relative import: what would lead above all names stops there. */
function askedFor(importer: string, up: number, path: string): string {
  const folders = importer.split("/").slice(0, -1);
  return [...folders.slice(0, Math.max(0, folders.length - up)), path].join("/");
}

/** The path below the base, or, in a package beyond it, from the outermost `node_modules` on. */
function placeOf({ path }: Source, base: string): string {
  const place = isBelow(path, base) ? relative(base, path) : packagePath(path)!;
  return place.split(sep).join("/");
}

function packagePath(path: string): string | undefined {
  const at = path.indexOf(`${sep}node_modules${sep}`);
  return at < 0 ? undefined : path.slice(at + 1);
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The folder that is or lies above another, and holds a file. */
function commonFolder(folder: string, file: string): string {
  return isBelow(file, folder) ? folder : commonFolder(dirname(folder), file);
}
