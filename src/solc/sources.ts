import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { SealpatchError } from "../errors.js";
import type { StandardInput } from "./compile.js";

const IMPORT = /^\s*import\s+(?:[^"';]*?from\s+)?["']([^"']+)["']/gm;

/** Where sources and what they import are found. */
export interface SourceLookup {
  /** Folder that the names of sources are relative to. Installed packages are looked for from the source's folder upwards. */
  readonly base: string;
  /** Texts of sources that are not read from files, by name. */
  readonly given?: Readonly<Record<string, string>>;
  /**
   * What prefixes of imports stand for: a folder, or an installed package in place of another, for example
   * `{ "@openzeppelin/contracts/": "@openzeppelin/contracts-4.9.6/" }`. The longest prefix decides, and nothing is looked for
   * under the name as it was imported. Sources keep that name all the same.
   */
  readonly remappings?: Readonly<Record<string, string>>;
}

/**
 * The text of sources with everything that they import: by relative paths, by remappings, below `base`, and from the
 * nearest `node_modules`.
 * @param names paths below `base`, or paths into packages.
 * @throws SealpatchError `code/unreadable-file`, `code/missing-import` with the import and the file that has it.
 */
export function collectSources(
  names: readonly string[],
  { base, given = {}, remappings = {} }: SourceLookup,
): StandardInput["sources"] {
  const sources: StandardInput["sources"] = {};
  const visit = (name: string, path: string, near: string, from?: string): void => {
    if (sources[name] !== undefined) return;
    const content = given[name] ?? readSource(name, path, from);
    sources[name] = { content };
    for (const [, imported] of content.matchAll(IMPORT)) {
      if (imported!.startsWith("."))
        visit(posix.join(posix.dirname(name), imported!), join(dirname(path), imported!), near, name);
      else visit(imported!, locate(remapped(imported!, remappings), base, near), near, name);
    }
  };
  for (const name of names) {
    const near = dirname(resolve(base, name));
    visit(name, locate(name, base, near), near);
  }
  return sources;
}

/** Sources by the names that the compiler knows them by. */
export interface CollectedSources {
  /** Name of the file that was asked for. */
  readonly sourceName: string;
  readonly sources: StandardInput["sources"];
}

/**
 * A Solidity file with everything it imports, by the prefixes of the nearest `remappings.txt` too.
 * @throws SealpatchError as `collectSources`.
 */
export function collectFile(file: string): CollectedSources {
  const start = resolve(file);
  const base = start.startsWith(process.cwd() + sep) ? process.cwd() : dirname(start);
  const sourceName = relative(base, start).split(sep).join("/");
  const remappings = readRemappings(dirname(start));
  return { sourceName, sources: collectSources([sourceName], { base, remappings }) };
}

function readRemappings(directory: string): Record<string, string> {
  const file = findUpwards(directory, "remappings.txt");
  if (file === undefined) return {};
  const remappings = readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      // A context before the prefix (`lib/a:@b/=...`) is for projects that need two versions of one library.
      const [prefix, target] = line.trim().split("=");
      return prefix && target ? [[prefix, resolve(dirname(file), target)] as const] : [];
    });
  return Object.fromEntries(remappings);
}

function remapped(name: string, remappings: Readonly<Record<string, string>>): string {
  const [prefix] = Object.keys(remappings)
    .filter((candidate) => name.startsWith(candidate))
    .sort((a, b) => b.length - a.length);
  return prefix === undefined ? name : join(remappings[prefix]!, name.slice(prefix.length));
}

/** Where a source or an import lies; where there is none, the path below `base`. */
function locate(name: string, base: string, near: string): string {
  const path = resolve(base, name);
  if (existsSync(path)) return path;
  const packaged = join("node_modules", name);
  return findUpwards(near, packaged) ?? findUpwards(process.cwd(), packaged) ?? path;
}

/** The nearest file or folder of this name, in the directory or above it. */
export function findUpwards(directory: string, name: string): string | undefined {
  const candidate = join(directory, name);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(directory);
  return parent === directory ? undefined : findUpwards(parent, name);
}

function readSource(name: string, path: string, from: string | undefined): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw from === undefined ? unreadable(path, cause) : missing(name, from);
  }
}

function missing(name: string, from: string): SealpatchError {
  return new SealpatchError("code/missing-import", `${from} imports ${name}, which was not found`, {
    details: { import: name, from },
    why: "imports are resolved by relative path, by remappings.txt, and in node_modules",
    remedy: "install the package, or compile with your own tool and give its build-info file",
  });
}

function unreadable(file: string, cause: unknown): SealpatchError {
  return new SealpatchError("code/unreadable-file", `${file} cannot be read`, {
    details: { file },
    why: "the file cannot be opened",
    remedy: "check the path",
    cause,
  });
}
