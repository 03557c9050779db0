import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { ROOT } from "../../src/places.js";

/**
 * Packages that most commands load at once, and what they share in several releases: they are within the command. All others stay outside,
 * and are loaded when they are first used.
 */
const WITHIN: readonly string[] = ["@noble/curves", "@noble/hashes", "ethers"];
/** Folder of a package in the path of one of its files. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/** Few files of many modules: what several of the entries reach is written once, and so loaded once. */
const FEW_FILES = {
  absWorkingDir: ROOT,
  chunkNames: "part-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning",
} satisfies BuildOptions;

/** What of package.json is read here. */
interface PackageFile {
  readonly dependencies: Readonly<Record<string, string>>;
  /** A door has both parts; what is exported by its path is a text. */
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

/** The doors of the package's `exports`, of each the path below `src/`: `index.ts`, `audit/index.ts` and so on. */
export async function doorModules(): Promise<string[]> {
  const { exports } = await packageFile();
  return Object.values(exports).flatMap((door) =>
    typeof door === "string" ? [] : [door.types.replace("./dist/src/", "").replace(/d\.ts$/, "ts")],
  );
}

/**
 * Writes the SDK: a file of each door, at its path below `src/`, and the parts that they share. Node takes longer to find and link hundreds
 * of modules than the rest of the import takes. All packages stay outside: who uses the SDK has the same ethers.
 * @param folder below the root of the package, which is found from there.
 */
export async function bundleDoors(folder: string): Promise<void> {
  await build({
    ...FEW_FILES,
    entryPoints: (await doorModules()).map((door) => `src/${door}`),
    outbase: "src",
    outdir: folder,
    packages: "external",
  });
}

/**
 * Writes the command `sealpatch`: the sources of the SDK, of each the part that a command reaches, in few files. Node takes longer to find
 * and link hundreds of modules than most commands run. The licences of the packages within stand beside it.
 * @param folder below the root of the package, which is found from there.
 */
export async function bundleCommand(folder: string): Promise<void> {
  const { dependencies } = await packageFile();
  const { metafile } = await build({
    ...FEW_FILES,
    entryPoints: ["src/cli/main.ts"],
    outdir: folder,
    external: Object.keys(dependencies).filter((name) => !WITHIN.includes(name)),
    metafile: true,
  });
  const packages = new Set(Object.keys(metafile.inputs).flatMap((file) => PACKAGE.exec(file) ?? []));
  const licences = await Promise.all([...packages].toSorted().map(licenceOf));
  await writeFile(join(folder, "LICENSES.txt"), licences.join("\n"));
}

async function packageFile(): Promise<PackageFile> {
  return JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as PackageFile;
}

/** @throws Error where a package has none: then it may not be passed on. */
async function licenceOf(path: string): Promise<string> {
  const folder = existsSync(path) ? path : join(ROOT, path);
  const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (name === undefined) throw new Error(`${path} has no licence`);
  return `${path.replace(/.*node_modules\//, "")}\n\n${(await readFile(join(folder, name), "utf8")).trim()}\n`;
}
