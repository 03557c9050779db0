import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import type { CompiledCircuit } from "../../soundness/index.js";
import { contentKey } from "../cached.js";
import type { CircuitName } from "../manifest.js";
import { BUILD, ROOT } from "../places.js";

const version = (name: string): string =>
  `${name} ${(createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version}`;

/** The circuits of the product. */
export const CIRCUIT_NAMES: readonly CircuitName[] = ["attest", "bind"];

/** Source of a circuit of the product, below the package's root. */
export function circuitSource(name: CircuitName): string {
  return `circuits/${name}.circom`;
}

/** A circuit to compile. */
export interface CircuitBuild {
  /** Source with a `main`, below the package's root. */
  readonly source: string;
  /** Simplification level of the compiler; --O2, with which proofs are made, unless given. */
  readonly flags?: readonly string[];
  /** Folder below which the result is kept; the repository's build unless given. */
  readonly home?: string;
}

/**
 * Compiles a circuit where no compilation of the same sources, flags and tool versions is kept below the home.
 * @throws SoundnessError `circuit/compile-failed`.
 */
export async function buildCircuit({
  source,
  flags = ["--O2"],
  home = BUILD,
}: CircuitBuild): Promise<CompiledCircuit> {
  const file = join(ROOT, source);
  const tools = [version("circom2"), version("circomlib")];
  const key = contentKey([...tools, ...flags, ...(await sourcesOf(file))]);
  const name = source.replace(/^.*\/|\.circom$/g, "");
  const { compileCircuit } = await import("../../soundness/index.js");
  return compileCircuit({ source: file, outDir: join(home, "circuits", `${name}-${key}`), flags });
}

/** Name and text of a source and of all sources of this package that it includes, each once. */
async function sourcesOf(main: string): Promise<string[]> {
  const texts = new Map<string, string>();
  const visit = async (file: string): Promise<void> => {
    if (texts.has(file)) return;
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      // Not in this package: a file of circomlib, which the version stands for.
      if (error.code === "ENOENT" && file !== main) return undefined;
      throw error;
    });
    if (text === undefined) return;
    texts.set(file, text);
    for (const [, include] of text.matchAll(/^\s*include\s+"([^"]+)"/gm))
      await visit(resolve(dirname(file), include!));
  };
  await visit(main);
  return [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([file, text]) => [relative(ROOT, file), text]);
}
