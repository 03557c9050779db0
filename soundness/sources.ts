import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { SoundnessError } from "./errors.js";
import { type Definition, parse, type Syntax } from "./syntax.js";
import { type Token, tokenize } from "./tokens.js";

const CIRCOMLIB = join(dirname(createRequire(import.meta.url).resolve("circomlib/package.json")), "circuits");

export interface SourceFile extends Syntax {
  readonly path: string;
  /** For people and for the ledger: relative to the working directory (`circuits/lib/layout.circom`) or `circomlib/bitify.circom`. */
  readonly name: string;
  /** Whether it is none of circomlib's, told by the path: a name can be borrowed. */
  readonly own: boolean;
  readonly text: string;
  /** Include token -> path of the file it names. */
  readonly includePaths: ReadonlyMap<Token, string>;
}

/** A template or function with the file where it stands. */
export interface LocatedDefinition extends Definition {
  readonly file: SourceFile;
}

/** Sources with everything that they include. */
export interface CircuitSources {
  /** Every file once, the ones asked for first. */
  readonly files: readonly SourceFile[];
  /** Templates and functions by name; Circom has one name space for all files. */
  readonly definitions: ReadonlyMap<string, LocatedDefinition>;
  /** The templates of the files asked for, and those that they or their main components use, directly or not. */
  readonly usedTemplates: readonly LocatedDefinition[];
}

/**
 * Reads Circom sources and, transitively, what they include: relative to the including file, otherwise from circomlib.
 * @throws SoundnessError `soundness/source-invalid` where a file cannot be read as Circom.
 * @throws SoundnessError `soundness/include-missing` where an included file does not exist.
 */
export async function readSources(paths: readonly string[]): Promise<CircuitSources> {
  const byPath = new Map<string, SourceFile>();
  const roots = paths.map((path) => resolve(path));
  const waiting = [...roots];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (byPath.has(path)) continue;
    const file = await readSource(path);
    byPath.set(path, file);
    waiting.push(...file.includePaths.values());
  }
  const files = [...byPath.values()];
  const definitions = new Map<string, LocatedDefinition>();
  for (const file of files) {
    for (const definition of file.definitions) definitions.set(definition.name, { ...definition, file });
  }
  const rootFiles = [...new Set(roots)].map((path) => byPath.get(path)!);
  return { files, definitions, usedTemplates: usedTemplates(rootFiles, definitions) };
}

async function readSource(path: string): Promise<SourceFile> {
  const text = await readFile(path, "utf8");
  const syntax = parse(tokenize(text, path), path);
  const includePaths = new Map(
    syntax.includes.map((token) => [token, resolveInclude(token.text.slice(1, -1), path)]),
  );
  return { ...syntax, path, name: displayName(path), own: !isCircomlib(path), text, includePaths };
}

function resolveInclude(include: string, from: string): string {
  const found = [dirname(from), CIRCOMLIB].map((folder) => join(folder, include)).find(existsSync);
  if (found !== undefined) return found;
  throw new SoundnessError("soundness/include-missing", `${basename(from)} includes ${include}`, {
    details: { include, from },
    why: "the file stands neither beside the source nor in circomlib",
  });
}

function isCircomlib(path: string): boolean {
  return path.startsWith(`${CIRCOMLIB}${sep}`);
}

function displayName(path: string): string {
  return isCircomlib(path) ? join("circomlib", relative(CIRCOMLIB, path)) : relative(process.cwd(), path);
}

function usedTemplates(
  roots: readonly SourceFile[],
  definitions: ReadonlyMap<string, LocatedDefinition>,
): LocatedDefinition[] {
  const used = new Set<LocatedDefinition>();
  const use = (name: string) => {
    const definition = definitions.get(name);
    if (definition?.kind !== "template" || used.has(definition)) return;
    used.add(definition);
    useNamed(definition.body);
  };
  const useNamed = (tokens: readonly Token[]) => {
    for (const { kind, text } of tokens) if (kind === "word") use(text);
  };
  for (const root of roots) {
    for (const { name } of root.definitions) use(name);
    useNamed(root.main ?? []);
  }
  return [...used];
}
