import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { type CompiledCircuit, compileCircuit } from "../../soundness/index.js";

/** A folder for the tests of the calling file; it is removed after them. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-test-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function circuitSource(name: string): string {
  return fileURLToPath(new URL(`circuits/${name}.circom`, import.meta.url));
}

/** Compiles one of the circuits beside this file. */
export function compileTestCircuit(folder: string, name: string): Promise<CompiledCircuit> {
  return compileCircuit({ source: circuitSource(name), outDir: join(folder, name) });
}
