import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest file or folder of this name, in the directory or above it. */
export function findUpwards(directory: string, name: string): string | undefined {
  const candidate = join(directory, name);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(directory);
  return parent === directory ? undefined : findUpwards(parent, name);
}
