import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { SealpatchError } from "../errors.js";
import type { StandardInput } from "./compile.js";

const IMPORT = /^\s*import\s+(?:[^"';]*?from\s+)?["']([^"']+)["']/gm;

/** Sources by the names that the compiler knows them by. */
export interface CollectedSources {
  /** Name of the file that was asked for. */
  readonly sourceName: string;
  readonly sources: StandardInput["sources"];
}

/**
 * Reads a Solidity file with everything it imports: by relative paths, by the prefixes of the nearest `remappings.txt`, and
 * from the nearest `node_modules`.
 * @throws SealpatchError `code/unreadable-file`, `code/missing-import` with the import and the file that has it.
 */
export async function collectSources(file: string): Promise<CollectedSources> {
  const start = resolve(file);
  const remappings = readRemappings(dirname(start));
  const base = start.startsWith(process.cwd() + sep) ? process.cwd() : dirname(start);
  const sourceName = relative(base, start).split(sep).join("/");
  const sources: StandardInput["sources"] = {};
  const visit = async (name: string, path: string, from?: string): Promise<void> => {
    if (sources[name] !== undefined) return;
    const content = await readFile(path, "utf8").catch((cause) => {
      throw from === undefined ? unreadable(file, cause) : missing(name, from);
    });
    sources[name] = { content };
    for (const [, imported] of content.matchAll(IMPORT)) {
      const relativePath = imported!.startsWith(".");
      const next = relativePath ? posix.join(posix.dirname(name), imported!) : imported!;
      if (relativePath) await visit(next, join(dirname(path), imported!), name);
      else await visit(next, findImport(next, { base, remappings, from: name, near: dirname(start) }), name);
    }
  };
  await visit(sourceName, start);
  return { sourceName, sources };
}

interface Remapping {
  readonly prefix: string;
  readonly target: string;
}

function readRemappings(directory: string): Remapping[] {
  const file = findUpwards(directory, "remappings.txt");
  if (file === undefined) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      // A context before the prefix (`lib/a:@b/=...`) is for projects that need two versions of one library.
      const [prefix, target] = line.trim().split("=");
      return prefix && target ? [{ prefix, target: resolve(dirname(file), target) }] : [];
    })
    .sort((a, b) => b.prefix.length - a.prefix.length);
}

function findImport(
  name: string,
  {
    base,
    remappings,
    from,
    near,
  }: { base: string; remappings: readonly Remapping[]; from: string; near: string },
): string {
  const remapping = remappings.find(({ prefix }) => name.startsWith(prefix));
  const candidates = [
    ...(remapping === undefined ? [] : [join(remapping.target, name.slice(remapping.prefix.length))]),
    join(base, name),
  ];
  const packaged =
    findUpwards(near, join("node_modules", name)) ?? findUpwards(process.cwd(), join("node_modules", name));
  const found = [...candidates, ...(packaged === undefined ? [] : [packaged])].find(existsSync);
  if (found === undefined) throw missing(name, from);
  return found;
}

/** The nearest file or folder of this name, in the directory or above it. */
export function findUpwards(directory: string, name: string): string | undefined {
  const candidate = join(directory, name);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(directory);
  return parent === directory ? undefined : findUpwards(parent, name);
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
