import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { contentKey } from "../src/cached.js";
import { BUILD, ROOT } from "../src/places.js";

interface Solc {
  compile(
    input: string,
    callbacks: { import: (path: string) => { contents: string } | { error: string } },
  ): string;
}

const require = createRequire(import.meta.url);

/** npm package of each compiler that is installed: 0.8.30 is the product's own, the others are aliases. */
const COMPILERS = {
  "0.5.13": "solc-0.5.13",
  "0.6.12": "solc-0.6.12",
  "0.7.6": "solc-0.7.6",
  "0.8.30": "solc",
  "0.8.37": "solc-0.8.37",
} as const;

export type CompilerVersion = keyof typeof COMPILERS;

const NODE_MODULES = join(ROOT, "node_modules");

export interface CompileOptions {
  /** Solidity text by source name. Imports of installed packages resolve from node_modules. */
  sources: Record<string, string>;
  /** Settings of the standard-JSON input, beside the output selection. */
  settings?: Record<string, unknown>;
  /**
   * Import prefixes and what stands for them below node_modules, for example
   * `{ "@openzeppelin/contracts-upgradeable/": "@openzeppelin/contracts-upgradeable-4.3.0/" }`. The source names of the
   * compiled files keep the prefix as imported.
   */
  importRemap?: Record<string, string>;
  /** 0.8.30 if not given. */
  compiler?: CompilerVersion;
  /** Takes every pragma as satisfied: layouts of value types are the same in all releases since 0.8.9. */
  anyPragma?: boolean;
  /** False leaves out metadata and code, which take most of the time. */
  code?: boolean;
}

/** solc's standard-JSON output, as far as the tests look into it. */
export interface SolcOutput {
  contracts: Record<string, Record<string, SolcContract>>;
  sources: Record<string, { id: number; ast: unknown }>;
}

export interface SolcContract {
  abi: Record<string, unknown>[];
  metadata: string;
  storageLayout: {
    storage: { label: string; offset: number; slot: string; type: string }[];
    types: Record<string, { label: string; numberOfBytes: string }> | null;
  };
  evm: {
    bytecode: { object: string; linkReferences: Record<string, unknown> };
    deployedBytecode: { object: string; immutableReferences: Record<string, unknown> };
  };
}

/** A compilation by its content, kept below build/solc: files of tests ask for the same ones. */
function kept(parts: readonly string[], compile: () => SolcOutput): SolcOutput {
  const lock = readFileSync(join(ROOT, "package-lock.json"));
  const file = join(BUILD, "solc", `${contentKey([lock, ...parts])}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as SolcOutput;
  const output = compile();
  mkdirSync(dirname(file), { recursive: true });
  const scratch = `${file}.${process.pid}`;
  writeFileSync(scratch, JSON.stringify(output));
  renameSync(scratch, file);
  return output;
}

/**
 * Compiles with solc from npm: abi, metadata, creation and runtime code, storage layout and syntax trees.
 * @throws Error with the compiler's messages where it reports an error.
 */
export function compileSolidity({
  sources,
  settings = {},
  importRemap = {},
  compiler = "0.8.30",
  anyPragma = false,
  code = true,
}: CompileOptions): SolcOutput {
  const accepted = (content: string) =>
    anyPragma ? content.replaceAll(/pragma solidity [^;]*;/g, "pragma solidity >=0.5.0;") : content;
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, content]) => [name, { content: accepted(content) }]),
    ),
    settings: {
      ...settings,
      outputSelection: {
        "*": {
          "*": [
            "abi",
            "storageLayout",
            ...(code ? ["metadata", "evm.bytecode", "evm.deployedBytecode"] : []),
          ],
          "": ["ast"],
        },
      },
    },
  };
  const parts = [compiler, JSON.stringify(input), JSON.stringify(importRemap), String(anyPragma)];
  return kept(parts, () => compileInput(compiler, input, importRemap, accepted));
}

function compileInput(
  compiler: CompilerVersion,
  input: object,
  importRemap: Record<string, string>,
  accepted: (content: string) => string,
): SolcOutput {
  // A compiler is 9 to 25 MB: loaded only where it is used. Its type declarations do not fit the CommonJS module that it is.
  const solc = require(COMPILERS[compiler]) as Solc;
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), {
      import: (path) => {
        const found = readImport(path, importRemap);
        return found.contents === undefined ? found : { contents: accepted(found.contents) };
      },
    }),
  ) as SolcOutput & { errors?: { severity: string; formattedMessage: string }[] };
  const errors = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return output;
}

function readImport(
  path: string,
  importRemap: Record<string, string>,
): { contents: string; error?: undefined } | { error: string; contents?: undefined } {
  const remap = Object.entries(importRemap).find(([prefix]) => path.startsWith(prefix));
  const file = remap === undefined ? path : remap[1] + path.slice(remap[0].length);
  try {
    return { contents: readFileSync(join(NODE_MODULES, file), "utf8") };
  } catch {
    return { error: `not found below node_modules: ${file}` };
  }
}
