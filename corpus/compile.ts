import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SealpatchError } from "../src/errors.js";
import { BUILD_FOLDER } from "../src/manifest.js";
import type { Compilation } from "../src/solc/index.js";

const require = createRequire(import.meta.url);

/** Solidity sources and how their imports are found. */
export interface CompilerInput {
  /** Source text by source unit name. */
  readonly sources: Readonly<Record<string, string>>;
  /** npm package that an import prefix stands for; a prefix not listed is an npm package of its own name. */
  readonly packages?: Readonly<Record<string, string>>;
  readonly evmVersion?: string;
}

interface CompilerOutput {
  readonly errors?: readonly { severity: string; formattedMessage: string }[];
  readonly contracts?: Compilation["contracts"];
}

/**
 * Compiles with solc from npm, imports from npm packages. Nothing is downloaded.
 * @throws SealpatchError `code/compilation-failed` with the compiler's first error.
 */
export function compileSolidity({
  sources,
  packages = {},
  evmVersion = "cancun",
}: CompilerInput): Compilation {
  // solc refuses to compile nothing.
  if (Object.keys(sources).length === 0) return { input: { sources: {} }, contracts: {} };
  const outputs = ["abi", "metadata", "storageLayout", "evm.bytecode", "evm.deployedBytecode"];
  const imported: Record<string, { content: string }> = {};
  const own = Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }]));
  const input = {
    language: "Solidity",
    sources: own,
    settings: {
      evmVersion,
      optimizer: { enabled: true, runs: 200 },
      outputSelection: Object.fromEntries(Object.keys(sources).map((name) => [name, { "*": outputs }])),
    },
  };
  const readImport = (name: string) => {
    const content = packageSource(name, packages);
    if (content === undefined) return { error: `no file ${name} in any installed package` };
    imported[name] = { content };
    return { contents: content };
  };
  // solc-js is 9 MB of WASM: loaded only by those who compile.
  const solc = require("solc") as {
    compile(input: string, callbacks: { import: typeof readImport }): string;
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport })) as CompilerOutput;
  const error = output.errors?.find(({ severity }) => severity === "error");
  if (error !== undefined || output.contracts === undefined) {
    throw new SealpatchError("code/compilation-failed", "the Solidity sources do not compile", {
      why: error?.formattedMessage ?? "the compiler gave no output",
    });
  }
  return { input: { ...input, sources: { ...own, ...imported } }, contracts: output.contracts };
}

/**
 * What `compile` makes, kept below build/corpus and read from there the next time.
 * @param parts everything that the result depends on besides installed packages, whose versions are pinned.
 */
export function keptCompilations<T>(name: string, parts: readonly string[], compile: () => T): T {
  const lock = readFileSync(join(BUILD_FOLDER, "../package-lock.json"), "utf8");
  const key = createHash("sha256")
    .update(JSON.stringify([lock, ...parts]))
    .digest("hex")
    .slice(0, 16);
  const file = join(BUILD_FOLDER, "corpus", `${name}-${key}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as T;
  const made = compile();
  mkdirSync(dirname(file), { recursive: true });
  const scratch = `${file}.${process.pid}`;
  writeFileSync(scratch, JSON.stringify(made));
  renameSync(scratch, file);
  return made;
}

/**
 * Text of a Solidity file in an installed npm package, or undefined if there is none.
 * @param name path as Solidity imports it, for example `@openzeppelin/contracts/proxy/Proxy.sol`.
 * @param packages as in `CompilerInput`.
 */
export function packageSource(name: string, packages: CompilerInput["packages"] = {}): string | undefined {
  const prefix = Object.keys(packages).find((candidate) => name.startsWith(`${candidate}/`));
  const path = prefix === undefined ? name : `${packages[prefix]}${name.slice(prefix.length)}`;
  const parts = path.split("/");
  const packageName = parts.slice(0, path.startsWith("@") ? 2 : 1).join("/");
  const root = dirname(require.resolve(`${packageName}/package.json`));
  const file = join(root, path.slice(packageName.length));
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
