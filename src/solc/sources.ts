import { readFileSync } from "node:fs";
import { dirname, posix, relative, resolve, sep } from "node:path";
import { SealpatchError } from "../errors.js";
import type { StandardInput } from "./compile.js";
import { type Compiler, INSTALLED_COMPILER } from "./compiler.js";
import { importsOf } from "./imports.js";
import { type Located, located, locateImport, locateNamed, type Places } from "./locate.js";
import { nameSources, type Source } from "./names.js";
import { nearestRemappings, remappingsOf } from "./remappings.js";

/** Where sources and what they import are found. */
export interface SourceLookup {
  /** Folder that the names of sources are relative to. */
  readonly base: string;
  /** Texts of sources that are not read from files, by name. */
  readonly given?: Readonly<Record<string, string>>;
  /**
   * What prefixes of imports stand for: a folder, or an installed package in place of another, for example
   * `{ "@openzeppelin/contracts/": "@openzeppelin/contracts-4.9.6/" }`; with a context before the prefix, for the sources
   * below that folder alone: `{ "lib/a/:@openzeppelin/": "lib/old/" }`. The longest context decides, then the longest prefix, and
   * nothing is looked for under the name as it was imported. Sources keep that name all the same.
   */
  readonly remappings?: Readonly<Record<string, string>>;
  /** Which compiler reads the sources; the one that comes with this package by default. */
  readonly compiler?: Compiler;
}

/**
 * The text of sources with everything that they import, as the compiler reads them: by relative paths, by remappings, below `base`, and
 * from the `node_modules` nearest to whoever imports.
 * @param names paths below `base`, or paths into packages.
 * @throws SealpatchError `code/unreadable-file`; `code/missing-import` with the import and the file that has it;
 *   `code/compilation-failed` where a source cannot be parsed; `code/import-above-base` where a source above `base` is
 *   imported; `code/ambiguous-import` where two files would go by one name, or one by two (`collectFile` has remappings
 *   for these).
 * @example
 * ```ts
 * const sources = collectSources(["contracts/Vault.sol"], { base: process.cwd() });
 * const input: StandardInput = { language: "Solidity", sources, settings: { evmVersion: "cancun" } };
 * ```
 */
export function collectSources(
  names: readonly string[],
  { base, given = {}, remappings = {}, compiler = INSTALLED_COMPILER }: SourceLookup,
): StandardInput["sources"] {
  const places = { base: resolve(base), remappings: remappingsOf(remappings, base) };
  const collection = collect(names, places, given, compiler, true);
  const named = nameSources(collection, places.base);
  if (named.base !== places.base) throw aboveBase(named.placed, places.base);
  const lost = named.clash ?? named.remappings[0] ?? names.find((name) => named.sources[name] === undefined);
  if (lost !== undefined) throw ambiguous(lost);
  return named.sources;
}

/** Sources by the names that the compiler knows them by. */
export interface CollectedSources {
  /** Name of the file that was asked for. */
  readonly sourceName: string;
  readonly sources: StandardInput["sources"];
  /**
   * For the compiler's `settings.remappings`: empty, but where two files would go by one name, or one by two. Without them the
   * sources do not compile.
   */
  readonly remappings: readonly string[];
}

/**
 * A Solidity file with everything it imports, by the prefixes of the nearest `foundry.toml` and `remappings.txt` too. Names are
 * relative to the folder that the process runs in, to the file's own where that is elsewhere, or to the folder above that
 * holds whatever is imported: no name holds a path of this machine.
 * @param compiler reads the sources; the one that comes with this package by default.
 * @throws SealpatchError as `collectSources`, `code/unreadable-remappings`.
 * @example
 * ```ts
 * const { sourceName, sources, remappings } = collectFile("contracts/Vault.sol");
 * const input: StandardInput = { language: "Solidity", sources, settings: { remappings } };
 * const artifact = await compileContract(input, `${sourceName}:Vault`);
 * ```
 */
export function collectFile(file: string, compiler: Compiler = INSTALLED_COMPILER): CollectedSources {
  const start = resolve(file);
  const base = start.startsWith(process.cwd() + sep) ? process.cwd() : dirname(start);
  const places = { base, remappings: nearestRemappings(dirname(start)) };
  const collection = collect([relative(base, start)], places, {}, compiler, false);
  const { sources, remappings, clash } = nameSources(collection, base);
  if (clash !== undefined) throw ambiguous(clash);
  return { sourceName: Object.keys(sources)[0]!, sources, remappings };
}

/** Every source that is reached from the first ones, each file once, in the order in which they are met. */
function collect(
  names: readonly string[],
  places: Places,
  given: Readonly<Record<string, string>>,
  compiler: Compiler,
  named: boolean,
): readonly Source[] {
  const found = new Map<string, Source>();
  const visit = (at: Located, name: string | undefined, near: string, from?: string): Source => {
    const known = found.get(at.real);
    if (known !== undefined) return known;
    const shown = name ?? relative(places.base, at.path).split(sep).join("/");
    const content = (name === undefined ? undefined : given[name]) ?? readSource(shown, at, from);
    const source: Source = { ...at, name, content, imports: [] };
    found.set(at.real, source);
    for (const one of importsOf(shown, content, compiler)) {
      const imported = one.up === undefined ? one.path : relativeName(name, one.up, one.path);
      const isGiven = imported !== undefined && given[imported] !== undefined;
      const to = isGiven ? located(resolve(places.base, imported)) : locateImport(one, source, places, near);
      source.imports.push({ ...one, target: visit(to, imported, near, shown) });
    }
    return source;
  };
  for (const name of names) {
    const at = locateNamed(name, places);
    visit(at, named ? name : undefined, dirname(resolve(places.base, name)));
  }
  return [...found.values()];
}

/** The name that a relative import has from a source of a name; undefined where it leads above all names. */
function relativeName(from: string | undefined, up: number, path: string): string | undefined {
  if (from === undefined) return undefined;
  const folders = from.split("/").slice(0, -1);
  if (up > folders.length) return undefined;
  return posix.join(...folders.slice(0, folders.length - up), path);
}

/** Without a byte order mark, which no compiler takes. */
function readSource(name: string, { path, real }: Located, from: string | undefined): string {
  // A compiler's error quotes what it cannot read: no source of somebody else may show another file.
  if (from !== undefined && !real.endsWith(".sol")) throw missing(name, from, "imported files end in .sol");
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch {
    throw from === undefined ? unreadable(path) : missing(name, from);
  }
}

function missing(
  name: string,
  from: string,
  why = "imports are resolved by relative path, by foundry.toml and remappings.txt, and in node_modules",
): SealpatchError {
  return new SealpatchError("code/missing-import", `${from} imports ${name}, which was not found`, {
    details: { import: name, from },
    why,
    remedy:
      "install the package, write `forge remappings > remappings.txt`, or compile with your own tool and give its build-info file",
  });
}

function unreadable(file: string): SealpatchError {
  return new SealpatchError("code/unreadable-file", `${file} cannot be read`, {
    details: { file },
    why: "the file cannot be opened",
    remedy: "check the path",
  });
}

function aboveBase(placed: readonly Source[], base: string): SealpatchError {
  const outside = placed.find(({ path }) => !path.startsWith(base + sep));
  return new SealpatchError("code/import-above-base", "an import leads above the base folder", {
    details: { base, file: outside?.path ?? null },
    why: "names of sources are relative to the base folder, and the compiler has none for what lies above it",
    remedy: "give a folder above as base, and the names from there",
  });
}

function ambiguous(name: string): SealpatchError {
  return new SealpatchError("code/ambiguous-import", "names do not tell the imported files apart", {
    details: { name },
    why: "two files would go by one name, or one file by two, as where packages bring their own copies of another",
    remedy:
      "name the package that is meant by remappings, or collect from one file: that has remappings for the compiler",
  });
}
