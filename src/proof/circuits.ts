import { existsSync } from "node:fs";
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
  // circomlib's sources: its version stands for them.
  const own = [...(await circuitSources(source))].filter(([name]) => !name.startsWith(CIRCOMLIB));
  const key = contentKey([...tools, ...flags, ...own.flat()]);
  const name = source.replace(/^.*\/|\.circom$/g, "");
  const { compileCircuit } = await import("../../soundness/index.js");
  return compileCircuit({ source: file, outDir: join(home, "circuits", `${name}-${key}`), flags });
}

/** What names of circomlib's sources begin with. */
const CIRCOMLIB = "circomlib/";

/** Folder of circomlib's circuits, where the compiler looks for what does not stand beside a source. */
const circomlib = () =>
  join(dirname(createRequire(import.meta.url).resolve("circomlib/package.json")), "circuits");

/**
 * Names and texts of a circuit's source and of all that it includes, each once, in order of their names: those of this package below its
 * root, those of circomlib as `circomlib/...`.
 * @param source below the package's root.
 */
export async function circuitSources(source: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const visit = async (file: string, include: string): Promise<void> => {
    const beside = resolve(dirname(file), include);
    const found = existsSync(beside) ? beside : join(circomlib(), include);
    if (texts.has(found)) return;
    texts.set(found, await readFile(found, "utf8"));
    for (const [, next] of texts.get(found)!.matchAll(/^\s*include\s+"([^"]+)"/gm)) await visit(found, next!);
  };
  await visit(ROOT, join(ROOT, source));
  const name = (file: string) =>
    file.startsWith(circomlib()) ? `${CIRCOMLIB}${relative(circomlib(), file)}` : relative(ROOT, file);
  const named = [...texts].map(([file, text]) => [name(file), text] as const);
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}
