import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { keptJson } from "../src/cached.js";
import type { CaseCompilations } from "../src/drill/index.js";
import { SealpatchError } from "../src/errors.js";
import { ROOT, SHIPPED } from "../src/places.js";
import {
  type Compilation,
  type CompiledContracts,
  collectSources,
  compileStandardJson,
  SOLC_VERSION,
  type StandardInput,
} from "../src/solc/index.js";

/** npm packages that import prefixes stand for, where these differ from the prefix; both end with a slash. */
type Packages = Readonly<Record<string, string>>;

/** Solidity files of a case, below its folder `contracts`, and the releases that they are compiled against. */
export interface CaseSources {
  /** Name of the case's folder in `corpus/`. */
  readonly folder: string;
  /** Files of the contracts under test: compiled twice, against `vulnerable` and against `fixed`. */
  readonly contracts: readonly string[];
  /** Files of the exploit, and of what stands around the subject; there may be none. */
  readonly exploit: readonly string[];
  readonly packages: { readonly vulnerable: Packages; readonly fixed: Packages; readonly exploit?: Packages };
  /** `cancun` by default. */
  readonly evmVersion?: string;
}

/** What a case gives the compiler. Nothing but solc is needed to compile it. */
export type CaseInputs = { readonly [Part in keyof CaseCompilations]: StandardInput };

/** A release of OpenZeppelin's upgradeable contracts, in place of whatever sources import under that name. */
export function openZeppelinUpgradeable(version: string): Packages {
  return { "@openzeppelin/contracts-upgradeable/": `@openzeppelin/contracts-upgradeable-${version}/` };
}

/**
 * Compiles a case: once in a process, and only what has changed since. The returned function throws SealpatchError
 * `corpus/not-shipped` where the package has not the case's sources.
 */
export function caseCompiler(sources: CaseSources): () => Promise<CaseCompilations> {
  let compiled: Promise<CaseCompilations> | undefined;
  return () => {
    compiled ??= inputsOf(sources).then(compileCase);
    return compiled;
  };
}

/** In the repository what the sources and the installed releases are; of the package the sources that it ships. */
async function inputsOf(sources: CaseSources): Promise<CaseInputs> {
  const name = sources.folder;
  if (existsSync(contractsOf(sources))) return collectCase(sources);
  const text = await readFile(join(SHIPPED, "corpus", `${name}.json`), "utf8").catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as CaseInputs;
  throw new SealpatchError("corpus/not-shipped", `the package does not have the sources of ${name}`, {
    details: { case: name },
    why: "the releases that a case needs are large: the package ships those of one case, the repository has all",
    remedy: "run this case in a clone of the repository",
  });
}

const contractsOf = ({ folder }: Pick<CaseSources, "folder">): string =>
  join(ROOT, "corpus", folder, "contracts");

/**
 * The sources of a case with everything that they import. Needs the packages of both releases.
 * @throws SealpatchError as `collectSources`.
 */
export function collectCase({
  folder,
  contracts,
  exploit,
  packages,
  evmVersion = "cancun",
}: CaseSources): CaseInputs {
  const outputs = ["abi", "metadata", "storageLayout", "evm.bytecode", "evm.deployedBytecode"];
  const collect = (names: readonly string[], remappings: Packages = {}): StandardInput => ({
    language: "Solidity",
    sources: collectSources(names, { base: contractsOf({ folder }), remappings }),
    settings: {
      evmVersion,
      optimizer: { enabled: true, runs: 200 },
      outputSelection: Object.fromEntries(names.map((name) => [name, { "*": outputs }])),
    },
  });
  return {
    vulnerable: collect(contracts, packages.vulnerable),
    fixed: collect(contracts, packages.fixed),
    exploit: collect(exploit, packages.exploit),
  };
}

/**
 * Compiles what was collected of a case. Needs no packages.
 * @throws SealpatchError as `compileStandardJson`.
 */
export async function compileCase(inputs: CaseInputs): Promise<CaseCompilations> {
  // One after the other: each takes a process with about 1 GB of memory.
  return {
    vulnerable: await compileKept(inputs.vulnerable),
    fixed: await compileKept(inputs.fixed),
    exploit: await compileKept(inputs.exploit),
  };
}

async function compileKept(input: StandardInput): Promise<Compilation> {
  // solc refuses to compile nothing.
  if (Object.keys(input.sources).length === 0) return { input, contracts: {} };
  const kept = keptJson<CompiledContracts>("solc", [SOLC_VERSION, JSON.stringify(input)]);
  const output = kept.read() ?? kept.keep((await compileStandardJson(input)) as CompiledContracts);
  return { input, contracts: output.contracts };
}
