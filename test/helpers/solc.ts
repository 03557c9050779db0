import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Solc {
  compile(
    input: string,
    callbacks: { import: (path: string) => { contents: string } | { error: string } },
  ): string;
}

// The package's type declarations do not fit the CommonJS module that it is.
const solc = createRequire(import.meta.url)("solc") as Solc;

const NODE_MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

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

/**
 * Compiles with solc 0.8.30 from npm: abi, metadata, creation and runtime code, storage layout and syntax trees.
 * @throws Error with the compiler's messages where it reports an error.
 */
export function compileSolidity({
  sources,
  settings = {},
  importRemap = {},
  code = true,
}: CompileOptions): SolcOutput {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
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
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), { import: (path) => readImport(path, importRemap) }),
  ) as SolcOutput & { errors?: { severity: string; formattedMessage: string }[] };
  const errors = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return output;
}

function readImport(path: string, importRemap: Record<string, string>) {
  const remap = Object.entries(importRemap).find(([prefix]) => path.startsWith(prefix));
  const file = remap === undefined ? path : remap[1] + path.slice(remap[0].length);
  try {
    return { contents: readFileSync(join(NODE_MODULES, file), "utf8") };
  } catch {
    return { error: `not found below node_modules: ${file}` };
  }
}
