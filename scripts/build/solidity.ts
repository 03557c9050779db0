import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { SealpatchError } from "../../src/errors.js";
import { ROOT } from "./cache.js";

const require = createRequire(import.meta.url);

/** solc's standard JSON input: sources by name, and settings. */
export interface StandardInput {
  language: "Solidity";
  sources: Record<string, { content: string }>;
  settings: Record<string, unknown>;
}

/** The settings of the product's contracts; foundry.toml holds the same. */
export const SOLIDITY_SETTINGS = {
  evmVersion: "cancun",
  outputSelection: {
    "*": { "": ["ast"], "*": ["abi", "evm.bytecode", "evm.deployedBytecode", "storageLayout", "metadata"] },
  },
};

/**
 * Collects sources with everything they import: relative paths below the repository, and packages of node_modules.
 * @param entries source names, either paths below the repository or package paths.
 * @param given contents of sources that are generated.
 */
export async function collectSources(
  entries: readonly string[],
  given: Record<string, string> = {},
): Promise<StandardInput["sources"]> {
  const sources: StandardInput["sources"] = {};
  const visit = async (name: string): Promise<void> => {
    if (sources[name] !== undefined) return;
    const content = given[name] ?? (await readFile(sourceFile(name), "utf8"));
    sources[name] = { content };
    for (const [, path] of content.matchAll(/^\s*import\s+(?:[^"';]*?from\s+)?["']([^"']+)["']/gm)) {
      await visit(path!.startsWith(".") ? join(dirname(name), path!) : path!);
    }
  };
  for (const entry of entries) await visit(entry);
  return sources;
}

function sourceFile(name: string): string {
  if (name.startsWith("contracts/")) return join(ROOT, name);
  const [first, second, ...rest] = name.split("/");
  const scoped = first!.startsWith("@");
  const packageName = scoped ? `${first}/${second}` : first!;
  const path = scoped ? rest.join("/") : [second, ...rest].join("/");
  return join(dirname(require.resolve(`${packageName}/package.json`)), path);
}

/**
 * Compiles standard JSON with solc from npm, in a process of its own so that circuits can compile beside it.
 * @throws SealpatchError `solidity/compile-failed` with the compiler's first error.
 */
export async function compileSolidity(input: StandardInput): Promise<SolcOutput> {
  const text = await new Promise<string>((done, fail) => {
    const child = spawn(process.execPath, [join(ROOT, "scripts/solc-shim.cjs"), "--standard-json"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", fail);
    child.on("close", () => done(Buffer.concat(chunks).toString("utf8")));
    child.stdin.end(JSON.stringify(input));
  });
  const output = JSON.parse(text) as SolcOutput;
  const failure = output.errors?.find((message) => message.severity === "error");
  if (failure !== undefined) {
    throw new SealpatchError("solidity/compile-failed", "the contracts do not compile", {
      why: failure.formattedMessage,
    });
  }
  return output;
}

/** The part of solc's output that the build looks at. */
export interface SolcOutput {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, Record<string, unknown>>>;
  sources: Record<string, { ast: unknown }>;
}

/** Path of a source for messages, relative to the repository. */
export const display = (file: string): string => relative(ROOT, file);
