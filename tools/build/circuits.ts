import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { type CompiledCircuit, compileCircuit } from "../../soundness/index.js";
import { contentKey } from "../../src/kept.js";
import { BUILD, ROOT } from "./cache.js";

const version = (name: string): string =>
  `${name} ${(createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version}`;
const TOOLS = [version("circom2"), version("circomlib")];

/** The circuits of the product, and the small instances of the same templates that only tests use. */
export const CIRCUITS = {
  attest: "circuits/attest.circom",
  bind: "circuits/bind.circom",
  "attest-small": "test/circuits/instances/attest-small.circom",
  "bind-small": "test/circuits/instances/bind-small.circom",
  "layout-small": "test/circuits/instances/layout-small.circom",
} as const;
export type CircuitName = keyof typeof CIRCUITS;

/**
 * Compiles a circuit where no compile of the same sources, flags and tool versions lies in build/circuits.
 * @param flags simplification level of the compiler; --O2 is what is proven.
 */
export async function buildCircuit(
  name: CircuitName,
  flags: readonly string[] = ["--O2"],
): Promise<CompiledCircuit> {
  const source = join(ROOT, CIRCUITS[name]);
  const key = contentKey([...TOOLS, ...flags, ...(await sourcesOf(source))]);
  return compileCircuit({ source, outDir: join(BUILD, "circuits", `${name}-${key}`), flags });
}

/** Name and text of a source and of all sources of this repository that it includes, each once. */
async function sourcesOf(main: string): Promise<string[]> {
  const texts = new Map<string, string>();
  const visit = async (file: string): Promise<void> => {
    if (texts.has(file)) return;
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      // Not in this repository: a file of circomlib, which the version stands for.
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
