import { type Artifact, readArtifact } from "../../code/index.js";
import { SealpatchError } from "../../errors.js";
import { prepareHashing } from "../../field/index.js";
import { type ContractLayout, contractLayout, readContractLayout } from "../../layout/index.js";
import {
  type Compiler,
  collectFile,
  compileStandardJson,
  INSTALLED_COMPILER,
  resolveCompiler,
} from "../../solc/index.js";
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
  /** npm package, or path of one, to compile with in place of the solc that comes with this package. */
  readonly solc?: string;
}

/** The same with a compiler for each side, where they differ. */
export interface DiffOptions extends LayoutOptions {
  readonly oldSolc?: string;
  readonly newSolc?: string;
}

/** Files that are compiled or being compiled: two contracts of one file need one run. */
type Compilations = Map<string, ReturnType<typeof compileFile>>;

/**
 * Loads the layout of a contract that a command line names: `file.json:Contract` of a compiler's output or a deployment, or
 * `file.sol:Contract`, which is compiled. The name may be left out where the file has one contract.
 * @throws SealpatchError those of the areas `code` and `layout`, `cli/unreadable-code`, `cli/unknown-contract`.
 */
export function loadLayout(argument: string, { solc }: LayoutOptions): Promise<LoadedLayout> {
  return load(argument, solc, new Map());
}

/** Loads both sides of an upgrade, each as `loadLayout` does. */
export function loadBoth(
  old: string,
  next: string,
  { solc, oldSolc = solc, newSolc = solc }: DiffOptions,
): Promise<[LoadedLayout, LoadedLayout]> {
  const compilations: Compilations = new Map();
  return Promise.all([load(old, oldSolc, compilations), load(next, newSolc, compilations)]);
}

async function load(
  argument: string,
  solc: string | undefined,
  compilations: Compilations,
): Promise<LoadedLayout> {
  const { file, contract } = splitArgument(argument);
  const compiler = solc === undefined ? INSTALLED_COMPILER : resolveCompiler(solc);
  if (file.endsWith(".sol")) return compileLayout(file, contract, compiler, compilations);
  const chosen = solc === undefined ? undefined : compiler;
  const [artifact] = await Promise.all([readCompiled(file, contract, chosen), prepareHashing()]);
  return { name: artifact.contractName, ...contractLayout(artifact) };
}

/** An artifact, or a deployment of hardhat-deploy, of which the sources stand beside it. */
async function readCompiled(
  file: string,
  contract: string | undefined,
  chosen: Compiler | undefined,
): Promise<Artifact> {
  try {
    return await readArtifact(file, contract);
  } catch (error) {
    if (!(error instanceof SealpatchError) || error.details.format !== "hardhat-deploy") throw error;
    const { readDeployment } = await import("./deployment.js");
    return readDeployment(file, chosen);
  }
}

async function compileFile(file: string, compiler: Compiler) {
  const { sourceName, sources, remappings } = collectFile(file, compiler);
  const input = {
    language: "Solidity" as const,
    sources,
    settings: { remappings, outputSelection: OUTPUTS },
  };
  const output = await compileStandardJson(input, undefined, compiler).catch((error: unknown) => {
    throw explainVersion(error);
  });
  const texts = Object.fromEntries(Object.entries(sources).map(([path, { content }]) => [path, content]));
  return { sourceName, output, origin: { sources: texts, compiler: compiler.version } };
}

async function compileLayout(
  file: string,
  wanted: string | undefined,
  compiler: Compiler,
  compilations: Compilations,
): Promise<LoadedLayout> {
  const key = `${compiler.module} ${file}`;
  const compilation = compilations.get(key) ?? compileFile(file, compiler);
  compilations.set(key, compilation);
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

function explainVersion(error: unknown): unknown {
  if (!(error instanceof SealpatchError) || !/different compiler version/.test(error.why ?? "")) return error;
  const { solc } = error.details;
  return new SealpatchError(error.code, `the sources require another compiler than solc ${solc}`, {
    details: error.details,
    ...(error.why === undefined ? {} : { why: error.why.split("\n")[0]! }),
    remedy: "give your own tool's build-info file, or add --solc with the npm package of the right version",
  });
}
