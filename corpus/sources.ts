import { readFileSync } from "node:fs";
import type { CaseCompilations } from "../src/drill/index.js";
import { type CompilerInput, compileSolidity, keptCompilations } from "./compile.js";

type Packages = NonNullable<CompilerInput["packages"]>;

/** Solidity files of a case, below its folder `contracts`, and the releases that they are compiled against. */
export interface CaseSources {
  /** Name of the case. */
  readonly name: string;
  /** The folder `contracts` of the case, with a slash at its end. */
  readonly folder: URL;
  /** Files of the contracts under test: compiled twice, against `vulnerable` and against `fixed`. */
  readonly contracts: readonly string[];
  /** Files of the exploit, and of what stands around the subject; there may be none. */
  readonly exploit: readonly string[];
  /** npm packages that import prefixes stand for, where these differ from the prefix. */
  readonly packages: { readonly vulnerable: Packages; readonly fixed: Packages; readonly exploit?: Packages };
  /** `cancun` by default. */
  readonly evmVersion?: string;
}

/** A release of OpenZeppelin's upgradeable contracts, in place of whatever sources import under that name. */
export function openZeppelinUpgradeable(version: string): Packages {
  return { "@openzeppelin/contracts-upgradeable": `@openzeppelin/contracts-upgradeable-${version}` };
}

/** Compiles a case: once in a process, and read from build/corpus as long as nothing has changed. */
export function caseCompiler(sources: CaseSources): () => CaseCompilations {
  let compiled: CaseCompilations | undefined;
  return () => {
    compiled ??= compileKept(sources);
    return compiled;
  };
}

function compileKept({ name, folder, contracts, exploit, ...options }: CaseSources): CaseCompilations {
  const read = (files: readonly string[]): Record<string, string> =>
    Object.fromEntries(files.map((file) => [file, readFileSync(new URL(file, folder), "utf8")]));
  const underTest = read(contracts);
  const around = read(exploit);
  const parts = [...Object.values(underTest), ...Object.values(around), JSON.stringify(options)];
  return keptCompilations(name, parts, () => {
    const evm = options.evmVersion === undefined ? {} : { evmVersion: options.evmVersion };
    const { vulnerable, fixed, exploit: packages = {} } = options.packages;
    return {
      vulnerable: compileSolidity({ sources: underTest, packages: vulnerable, ...evm }),
      fixed: compileSolidity({ sources: underTest, packages: fixed, ...evm }),
      exploit: compileSolidity({ sources: around, packages, ...evm }),
    };
  });
}
