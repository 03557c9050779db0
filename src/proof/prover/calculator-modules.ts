import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** How many are kept: the package has two. */
const KEPT = 4;

// By the hash of the file, the one used last at the end. V8 keeps a module's machine code with it, which is most of what a first call takes.
const modules = new Map<string, WebAssembly.Module>();

/** The compiled content of a WASM file as it is now. */
export async function compiledModule(file: string): Promise<WebAssembly.Module> {
  const bytes = await readFile(file);
  const hash = createHash("sha256").update(bytes).digest("hex");
  const module = modules.get(hash) ?? (await WebAssembly.compile(bytes));
  modules.delete(hash);
  modules.set(hash, module);
  for (const oldest of [...modules.keys()].slice(0, -KEPT)) modules.delete(oldest);
  return module;
}
