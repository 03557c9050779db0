import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "../../src/places.js";
import type { StandardInput } from "../../src/solc/index.js";

const require = createRequire(import.meta.url);

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
