import { createRequire } from "node:module";
import { join, posix } from "node:path";
import { contentKey } from "../cached.js";
import { SealpatchError } from "../errors.js";
import { MODULES } from "../places.js";
import { type Compiler, checkVersion } from "./compiler.js";

const require = createRequire(import.meta.url);

/** What a source imports. */
export interface Import {
  /** The path: of a relative import behind its dots, of any other the name as it is written. */
  readonly path: string;
  /** For a relative import, how many folders it goes up from the source's own: 0 for `./`. */
  readonly up?: number;
}

/** The part of solc's interface that reads sources. */
interface Reader {
  version(): string;
  compile(input: string, callbacks: { import(name: string): { error: string } }): string;
}

/** Folders around a source while its imports are read, by names that no project has; no import goes up further. */
const AROUND = Array.from({ length: 64 }, (_, depth) => `<${depth}>`);

/** What a compiler's parser is not to judge here: which releases a source is for. */
const PRAGMA = /\bpragma\s+solidity\s[^;"'/*\r\n]*;/g;

/** By the compiler and the source, hashed. */
const known = new Map<string, readonly Import[]>();

/**
 * What a source imports, as the compiler itself asks for it: the source alone is given to it, deep inside of folders that are not
 * there, so that relative imports show as such. Which releases the source is for counts when it is compiled, not here.
 * @param name by which an error calls the source.
 * @throws SealpatchError `code/compilation-failed` where the compiler cannot parse the source, `code/other-compiler`.
 */
export function importsOf(name: string, content: string, compiler: Compiler): readonly Import[] {
  // Without the word there is none, and the compiler, which takes its time to load, is not needed.
  if (!content.includes("import")) return [];
  const key = contentKey([compiler.module, compiler.version, content]);
  const found = known.get(key) ?? readImports(name, content, compiler);
  known.set(key, found);
  return found;
}

function readImports(name: string, content: string, compiler: Compiler): Import[] {
  const { load } = require(join(MODULES, "solc/program.cjs")) as { load(module: string): Reader };
  const solc = load(compiler.module);
  const version = checkVersion(compiler, solc.version());
  const place = [...AROUND, posix.basename(name)].join("/");
  // Blanks keep the places of what follows.
  const text = content.replace(PRAGMA, (pragma) => " ".repeat(pragma.length));
  const asked: string[] = [];
  const output = solc.compile(
    JSON.stringify({ language: "Solidity", sources: { [place]: { content: text } }, settings: {} }),
    {
      import(path) {
        asked.push(path);
        return { error: "" };
      },
    },
  );
  if (asked.length === 0) assertParsed(output, { name, place, version });
  return asked.map(asImport);
}

/** `<0>/<1>/lib/T.sol` as how many of the folders are left, and what stands behind them. */
function asImport(asked: string): Import {
  const parts = asked.split("/");
  const left = AROUND.findIndex((folder, depth) => parts[depth] !== folder);
  if (left === 0) return { path: asked };
  const kept = left < 0 ? AROUND.length : left;
  return { path: parts.slice(kept).join("/"), up: AROUND.length - kept };
}

function assertParsed(output: string, source: { name: string; place: string; version: string }): void {
  const { errors = [] } = JSON.parse(output) as { errors?: { type: string; formattedMessage: string }[] };
  const failure = errors.find(({ type }) => type === "ParserError");
  if (failure === undefined) return;
  throw new SealpatchError("code/compilation-failed", `solc cannot read ${source.name}`, {
    details: { solc: source.version, source: source.name },
    why: failure.formattedMessage.replaceAll(source.place, source.name),
    remedy: "correct the source, or take the release of solc that it is written for",
  });
}
