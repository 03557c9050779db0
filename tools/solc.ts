import { keptJson } from "../src/cached.js";
import { ROOT } from "../src/places.js";
import {
  type CompiledContract,
  type CompiledContracts,
  collectSources,
  compileInProcess,
  findCompiler,
  type StandardInput,
} from "../src/solc/index.js";

/** The compilers that are installed: 0.8.30 is the product's own, the others are aliases. */
export type CompilerVersion = "0.5.13" | "0.6.12" | "0.7.6" | "0.8.30" | "0.8.37";

export interface CompileOptions {
  /** Solidity text by source name. Imports of installed packages resolve from node_modules. */
  sources: Record<string, string>;
  /** Settings of the standard-JSON input, beside the output selection. */
  settings?: Record<string, unknown>;
  /** As `collectSources` takes them. */
  remappings?: Record<string, string>;
  /** 0.8.30 if not given. */
  compiler?: CompilerVersion;
  /** Takes every pragma as satisfied: layouts of value types are the same in all releases since 0.8.9. */
  anyPragma?: boolean;
  /** False leaves out metadata and code, which take most of the time. */
  code?: boolean;
}

/** solc's standard-JSON output, as far as the tests look into it. */
export interface SolcOutput extends CompiledContracts {
  readonly contracts: Record<string, Record<string, SolcContract>>;
  readonly sources: Record<string, { id: number; ast: unknown }>;
}

export interface SolcContract extends CompiledContract {
  readonly storageLayout: {
    storage: { label: string; offset: number; slot: string; type: string }[];
    types: Record<string, { label: string; numberOfBytes: string }> | null;
  };
}

/**
 * Compiles with solc from npm, in this process: abi, metadata, creation and runtime code, storage layout and syntax trees.
 * The output is kept below build/solc, for files of tests ask for the same ones.
 * @throws SealpatchError as `collectSources` and `compileInProcess`.
 */
export function compileSolidity({
  sources,
  settings = {},
  remappings = {},
  compiler = "0.8.30",
  anyPragma = false,
  code = true,
}: CompileOptions): SolcOutput {
  const collected = collectSources(Object.keys(sources), { base: ROOT, given: sources, remappings });
  const outputs = [
    "abi",
    "storageLayout",
    ...(code ? ["metadata", "evm.bytecode", "evm.deployedBytecode"] : []),
  ];
  const input: StandardInput = {
    language: "Solidity",
    sources: anyPragma ? withAnyPragma(collected) : collected,
    settings: { ...settings, outputSelection: { "*": { "*": outputs, "": ["ast"] } } },
  };
  const kept = keptJson<SolcOutput>("solc", [compiler, JSON.stringify(input)]);
  return kept.read() ?? kept.keep(compileInProcess(input, findCompiler(compiler)) as unknown as SolcOutput);
}

function withAnyPragma(sources: StandardInput["sources"]): StandardInput["sources"] {
  const accepting = ({ content }: { content: string }) => ({
    content: content.replaceAll(/pragma solidity [^;]*;/g, "pragma solidity >=0.5.0;"),
  });
  return Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, accepting(source)]));
}
