import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../../src/places.js";

/** Packages that most commands load at once. All others stay outside, and are loaded when they are first used. */
const WITHIN: readonly string[] = ["@noble/curves", "ethers"];
/** Folder of a package in the path of one of its files. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * Writes the command `sealpatch`: the sources of the SDK, of each the part that a command reaches, in few files. Node takes longer to find
 * and link hundreds of modules than most commands run. The licences of the packages within stand beside it.
 * @param folder below the root of the package, which is found from there.
 */
export async function bundleCommand(folder: string): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/cli/main.ts"],
    outdir: folder,
    chunkNames: "part-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: Object.keys(dependencies).filter((name) => !WITHIN.includes(name)),
    metafile: true,
    logLevel: "warning",
  });
  const packages = new Set(Object.keys(metafile.inputs).flatMap((file) => PACKAGE.exec(file) ?? []));
  const licences = await Promise.all([...packages].toSorted().map(licenceOf));
  await writeFile(join(folder, "LICENSES.txt"), licences.join("\n"));
}

/** @throws Error where a package has none: then it may not be passed on. */
async function licenceOf(path: string): Promise<string> {
  const folder = existsSync(path) ? path : join(ROOT, path);
  const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (name === undefined) throw new Error(`${path} has no licence`);
  return `${path.replace(/.*node_modules\//, "")}\n\n${(await readFile(join(folder, name), "utf8")).trim()}\n`;
}
