import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { env, platform } from "node:process";
import { fileURLToPath } from "node:url";

/** Root of the package: of the repository, or of what npm installed. */
export const ROOT = packageRoot(dirname(fileURLToPath(import.meta.url)));
/** Whether this runs from the sources, as tests do, or as it was built. */
export const FROM_SOURCES = import.meta.url.endsWith(".ts");
/** Where each module of `src/` lies as a file of its own, for what is started or read by its path: the SDK's doors and the command are built into few files. */
export const MODULES = join(ROOT, FROM_SOURCES ? "src" : "dist/src");
/** Everything that is generated in the repository lies below; deleting it is always safe. */
export const BUILD = join(ROOT, "build");
/** What the package ships beside its code: manifest, contract artifacts, witness calculators, verifying keys. */
export const SHIPPED = join(BUILD, "package");

// The sources lie one folder below the root, the compiled files two.
function packageRoot(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : packageRoot(dirname(folder));
}

/**
 * Where this user's keys are kept: `SEALPATCH_HOME`, else the platform's place for data of programs (XDG base directory
 * specification, Apple's Application Support, Windows' LocalAppData).
 */
export function userHome(): string {
  if (env.SEALPATCH_HOME) return resolve(env.SEALPATCH_HOME);
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "sealpatch");
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "sealpatch");
  const data = env.XDG_DATA_HOME ?? "";
  return join(isAbsolute(data) ? data : join(homedir(), ".local", "share"), "sealpatch");
}

/**
 * Where something that is named after its content lies: in the repository's build, else in the user's home. The one rule by which
 * keys are found; it need not be there.
 * @param path below a home, for example `keys/bind.dev-4ebfb6b061b52716`.
 */
export function contentPath(path: string): string {
  const built = join(BUILD, path);
  return existsSync(built) ? built : join(userHome(), path);
}

/** Where what was made once is kept: in the repository its build, of an installed package the user's home. */
export function keptHome(): string {
  return existsSync(join(ROOT, "tools")) ? BUILD : userHome();
}
