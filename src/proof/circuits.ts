import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import type { CompiledCircuit } from "../../soundness/index.js";
import { contentKey } from "../cached.js";
import type { CircuitName } from "../manifest.js";
import { BUILD, ROOT } from "../places.js";

const require = createRequire(import.meta.url);
const CIRCOMLIB = join(dirname(require.resolve("circomlib/package.json")), "circuits");

const version = (name: string): string =>
  `${name} ${(require(`${name}/package.json`) as { version: string }).version}`;

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
  const tools = [version("circom2"), version("circomlib")];
  // Of circomlib the version stands for all files.
  const own = [...(await circuitSources(source))].filter(([file]) => !file.startsWith("circomlib/"));
  const key = contentKey([...tools, ...flags, ...own.flat()]);
  const name = source.replace(/^.*\/|\.circom$/g, "");
  const { compileCircuit } = await import("../../soundness/index.js");
  return compileCircuit({
    source: join(ROOT, source),
    outDir: join(home, "circuits", `${name}-${key}`),
    flags,
  });
}

/**
 * Texts of a source and of everything that it includes, in the order of their names: of this package the path below its root, of
 * circomlib `circomlib/<file>`. An include is looked for as the compiler does: beside the file, then in circomlib.
 * @param source below the package's root.
 */
export async function circuitSources(source: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const visit = async (file: string): Promise<void> => {
    const name = nameOf(file);
    if (texts.has(name)) return;
    const text = await readFile(file, "utf8");
    texts.set(name, text);
    for (const [, include] of text.matchAll(/^\s*include\s+"([^"]+)"/gm)) {
      const beside = resolve(dirname(file), include!);
      await visit(existsSync(beside) ? beside : join(CIRCOMLIB, include!));
    }
  };
  await visit(join(ROOT, source));
  return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf(file: string): string {
  const inLibrary = relative(CIRCOMLIB, file);
  const name = inLibrary.startsWith("..") ? relative(ROOT, file) : join("circomlib", inLibrary);
  return name.replaceAll("\\", "/");
}
