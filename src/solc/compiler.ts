import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SealpatchError } from "../errors.js";
import { findUpwards } from "./find-upwards.js";

const require = createRequire(import.meta.url);

/** A solc from npm. What runs it holds `version` against what the compiler says of itself. */
export interface Compiler {
  /** Path of the package's main module. */
  readonly module: string;
  /** The release that it must be: `0.7.6`, or with its commit, `0.7.6+commit.7338295f`. */
  readonly version: string;
}

/** Where compilers are found beside those that are installed. */
export interface CompilerChoice {
  /** npm packages, or paths of them, that are solc under other names than `solc` and `solc-<version>`. */
  readonly compilers?: readonly string[];
}

/** The solc that comes with this package. */
export const INSTALLED_COMPILER: Compiler = {
  module: require.resolve("solc"),
  version: (require("solc/package.json") as { version: string }).version,
};

/** Release of the solc that comes with this package, for example 0.8.30. */
export const SOLC_VERSION: string = INSTALLED_COMPILER.version;

/** The first release that writes storage layouts. */
const FIRST_WITH_LAYOUTS = "0.5.13";

/**
 * The compiler of an npm package or a path, whatever its release is.
 * @param name seen from the folder that the process runs in, else from this package.
 * @throws SealpatchError `code/no-compiler`, `code/compiler-too-old` below 0.5.13.
 */
export function resolveCompiler(name: string): Compiler {
  const module = resolveModule(name);
  const version = module === undefined ? undefined : packageVersion(module);
  if (module !== undefined && version !== undefined) {
    assertWritesLayouts(version);
    return { module, version };
  }
  throw new SealpatchError("code/no-compiler", `there is no compiler ${name}`, {
    details: { compiler: name },
    why:
      module === undefined
        ? "no npm package and no path of that name is found from here"
        : "what stands there is no package of solc",
    remedy: `install it beside your project, for example \`${installation("0.8.20")}\``,
  });
}

/**
 * The compiler of a release: the one that comes with this package, or npm's under the name `solc-<version>` or `solc`, or one
 * of those that are named. Nothing is downloaded.
 * @param version with or without the commit; found by the release, and held against what the compiler says when it runs.
 * @throws SealpatchError `code/no-compiler` with the command that installs it, `code/compiler-too-old` below 0.5.13.
 * @example
 * ```ts
 * const compiler = findCompiler("0.7.6");
 * const { sourceName, sources, remappings } = collectFile("contracts/Replica.sol", compiler);
 * const input: StandardInput = { language: "Solidity", sources, settings: { remappings } };
 * const replica = await compileContract(input, `${sourceName}:Replica`, compiler);
 * ```
 */
export function findCompiler(version: string, { compilers = [] }: CompilerChoice = {}): Compiler {
  const release = releaseOf(version);
  assertWritesLayouts(release);
  const named = compilers.map((name) => resolveCompiler(name).module);
  const usual = [`solc-${release}`, "solc"].map(resolveModule);
  const module = [INSTALLED_COMPILER.module, ...named, ...usual].find(
    (found) => found !== undefined && packageVersion(found) === release,
  );
  if (module !== undefined) return { module, version };
  throw new SealpatchError("code/no-compiler", `solc ${release} is not installed`, {
    details: { compiler: version },
    why: "other releases make other bytecode, and compilers are not downloaded",
    remedy: `run \`${installation(release)}\``,
  });
}

/**
 * Release and commit of a compiler, `0.7.6+commit.7338295f`, out of what it says of itself.
 * @throws SealpatchError `code/other-compiler` where that is not the release, or not the commit, that it must be.
 */
export function checkVersion({ version }: Compiler, said: string): string {
  const found = /^\d+\.\d+\.\d+(-[\w.]+)?\+commit\.[0-9a-f]{8}/.exec(said)?.[0];
  if (found !== undefined && (found === version || releaseOf(found) === version)) return found;
  throw new SealpatchError("code/other-compiler", `the compiler is not solc ${version}`, {
    details: { wanted: version, found: found ?? null },
    why:
      found === undefined
        ? "it does not say which release and commit it is"
        : `it is ${found}, whatever its package is called`,
    remedy: `install the release from npm: \`${installation(releaseOf(version))}\``,
  });
}

/** `0.7.6+commit.7338295f` without its commit. */
function releaseOf(version: string): string {
  return version.split("+", 1)[0]!;
}

function installation(release: string): string {
  return `npm install solc-${release}@npm:solc@${release}`;
}

function assertWritesLayouts(release: string): void {
  if (!isBefore(release, FIRST_WITH_LAYOUTS)) return;
  throw new SealpatchError("code/compiler-too-old", `solc ${release} writes no storage layout`, {
    details: { version: release, first: FIRST_WITH_LAYOUTS },
    why: `storage layouts begin with solc ${FIRST_WITH_LAYOUTS}`,
    remedy: `compile with solc ${FIRST_WITH_LAYOUTS} or later`,
  });
}

function isBefore(release: string, other: string): boolean {
  const [a, b] = [release, other].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs >= 0 && a[differs]! < b[differs]!;
}

function resolveModule(name: string): string | undefined {
  for (const from of [createRequire(join(process.cwd(), "package.json")), require]) {
    try {
      return from.resolve(name);
    } catch {
      // Looked for from the next place.
    }
  }
  return undefined;
}

/** What the package of a module says its version is, where it is a package of solc. */
function packageVersion(module: string): string | undefined {
  const file = findUpwards(dirname(module), "package.json");
  if (file === undefined) return undefined;
  const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
  return name === "solc" ? version : undefined;
}
