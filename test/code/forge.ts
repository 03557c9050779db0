import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Writes the sources into `directory` and builds them with Foundry, solc coming from npm. */
export function buildWithForge(directory: string, sources: Record<string, string>, options: string[]): void {
  const shim = fileURLToPath(new URL("../../tools/solc-shim.cjs", import.meta.url));
  const config = `[profile.default]\noffline = true\nsolc = "${shim}"\nast = true\nextra_output = ["storageLayout"]\n`;
  for (const [name, content] of Object.entries({ "foundry.toml": config, ...sources })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  const forge = createRequire(import.meta.url).resolve("@foundry-rs/forge/bin.mjs");
  execFileSync(process.execPath, [forge, "build", "--root", directory, ...options], { stdio: "pipe" });
}
