import { createRequire } from "node:module";
import { join } from "node:path";
import { readArtifact } from "../../code/index.js";
import { SealpatchError } from "../../errors.js";
import { prepareHashing } from "../../field/index.js";
import { type ContractLayout, contractLayout, readContractLayout } from "../../layout/index.js";
import { collectFile, compileStandardJson, SOLC_VERSION } from "../../solc/index.js";
import { splitArgument } from "../file-argument.js";

/** A contract's layout with the name that it goes by. */
export interface LoadedLayout extends ContractLayout {
  readonly name: string;
}

/** Layouts and syntax trees alone: no code is generated. */
const OUTPUTS = { "*": { "*": ["storageLayout"], "": ["ast"] } };

/** What both commands take. */
export interface LayoutOptions {
  readonly json?: boolean;
  /** npm package, or path of one, to compile with in place of the installed solc. */
  readonly solc?: string;
}

/** Files that are compiled or being compiled: two contracts of one file need one run. */
type Compilations = Map<string, ReturnType<typeof compileFile>>;

/**
 * Loads the layout of a contract that a command line names: `file.json:Contract` of a compiler's output, or
 * `file.sol:Contract`, which is compiled. The name may be left out where the file has one contract.
 * @throws SealpatchError those of the areas `code` and `layout`, `cli/unreadable-code`, `cli/unknown-contract`,
 * `cli/no-compiler`.
 */
export async function loadLayout(argument: string, options: LayoutOptions): Promise<LoadedLayout> {
  const [loaded] = await loadLayouts([argument], options);
  return loaded!;
}

/** Loads several, each as `loadLayout` does. */
export function loadLayouts(
  names: readonly string[],
  { solc }: LayoutOptions,
): Promise<readonly LoadedLayout[]> {
  const compilations: Compilations = new Map();
  return Promise.all(names.map((name) => load(name, solc, compilations)));
}

async function load(
  argument: string,
  solc: string | undefined,
  compilations: Compilations,
): Promise<LoadedLayout> {
  const { file, contract } = splitArgument(argument);
  if (file.endsWith(".sol")) return compileLayout(file, contract, solc, compilations);
  const [artifact] = await Promise.all([readArtifact(file, contract), prepareHashing()]);
  return { name: artifact.contractName, ...contractLayout(artifact) };
}

async function compileFile(file: string, solc?: string) {
  const { sourceName, sources } = collectFile(file);
  const input = { language: "Solidity" as const, sources, settings: { outputSelection: OUTPUTS } };
  const compiler = solc === undefined ? undefined : resolveCompiler(solc);
  const output = await compileStandardJson(input, undefined, compiler).catch((error: unknown) => {
    throw explainVersion(error);
  });
  const texts = Object.fromEntries(Object.entries(sources).map(([path, { content }]) => [path, content]));
  const origin = { sources: texts, ...(solc === undefined ? { compiler: SOLC_VERSION } : {}) };
  return { sourceName, output, origin };
}

async function compileLayout(
  file: string,
  wanted: string | undefined,
  solc: string | undefined,
  compilations: Compilations,
): Promise<LoadedLayout> {
  const compilation = compilations.get(file) ?? compileFile(file, solc);
  compilations.set(file, compilation);
  // Hashing is made ready while the compiler works.
  const [{ sourceName, output, origin }] = await Promise.all([compilation, prepareHashing()]);
  const names = Object.keys(output.contracts[sourceName] ?? {});
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined || !names.includes(name)) {
    throw new SealpatchError(
      "cli/unknown-contract",
      name === undefined ? `${file} has ${names.length} contracts` : `${file} has no contract ${name}`,
      {
        details: { file, contracts: names.join(", ") },
        why: names.length === 0 ? "it declares none" : `it declares ${names.join(", ")}`,
        remedy: `name one of them: ${file}:${names[0] ?? "Contract"}`,
      },
    );
  }
  return { name, ...readContractLayout(output, `${sourceName}:${name}`, origin) };
}

/** A path, or a package of the project that the command runs in. */
function resolveCompiler(solc: string): string {
  try {
    return createRequire(join(process.cwd(), "package.json")).resolve(solc);
  } catch {
    throw new SealpatchError("cli/no-compiler", `there is no compiler ${solc}`, {
      details: { solc },
      why: "no npm package and no path of that name is found from here",
      remedy:
        "install it beside your project, for example `npm install --save-dev solc-0.8.20@npm:solc@0.8.20`",
    });
  }
}

function explainVersion(error: unknown): unknown {
  if (!(error instanceof SealpatchError) || !/different compiler version/.test(error.why ?? "")) return error;
  return new SealpatchError(error.code, `the sources require another compiler than solc ${SOLC_VERSION}`, {
    details: error.details,
    ...(error.why === undefined ? {} : { why: error.why.split("\n")[0]! }),
    remedy: "give your own tool's build-info file, or add --solc with the npm package of the right version",
  });
}
