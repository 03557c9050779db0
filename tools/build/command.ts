import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../../src/places.js";

/** Packages that most commands load at once. All others stay outside, and are loaded when they are first used. */
const WITHIN: readonly string[] = ["@noble/curves", "ethers"];

/**
 * Writes the command `sealpatch` to `dist/cli`: the same sources as the SDK's, of each the part that a command reaches, in few files. Node
 * takes longer to find and link hundreds of modules than to run a command.
 */
async function bundleCommand(): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/cli/main.ts"],
    outdir: "dist/cli",
    chunkNames: "part-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: Object.keys(dependencies).filter((name) => !WITHIN.includes(name)),
    // Licences of what is within.
    legalComments: "eof",
    logLevel: "warning",
  });
}

await bundleCommand();
