import { rmSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { atExit } from "../at-exit.js";
import { SealpatchError } from "../errors.js";
import type { Manifest } from "../manifest.js";
import { userHome } from "../places.js";
import { writableHome } from "../proof/index.js";
import type { CeremonyCircuit } from "./circuits.js";
import { type CeremonyRecord, ceremonyRecordText } from "./forms.js";
import { openKeyPackage, readKeyPackage } from "./key-package.js";
import { packageFiles, readRecord } from "./package-files.js";

/** A key package in this user's home. */
export interface InstalledKeys {
  readonly folder: string;
  /** As it says. */
  readonly record: CeremonyRecord;
}

/** Circuits that keys are for; the product's unless given. */
interface Options {
  readonly circuits?: readonly CeremonyCircuit[];
}

const keysFolder = (): string => join(userHome(), "keys");
/** Name of a package's folder: the first 16 hex digits of its setup hash. */
const folderName = (record: CeremonyRecord): string => record.setupHash.slice(2, 18);

/**
 * Key packages that are installed, as their records say; no file was looked at but the record.
 * @throws SealpatchError `ceremony/bad-record`, `key/no-package`, where a package is broken.
 */
export async function installedKeys(): Promise<InstalledKeys[]> {
  const names = await readdir(keysFolder()).catch(() => []);
  const folders = names.filter((name) => /^[0-9a-f]{16}$/.test(name)).sort();
  return Promise.all(
    folders.map(async (name) => {
      const folder = join(keysFolder(), name);
      return { folder, record: await readRecord(folder) };
    }),
  );
}

/**
 * The one installed package whose setup hash begins so.
 * @param prefix hex digits, with or without `0x`; it may be left out where one package is installed.
 * @throws SealpatchError `key/not-installed`, `key/ambiguous-prefix`, and as `installedKeys`.
 */
export async function findInstalledKeys(prefix = ""): Promise<InstalledKeys> {
  const installed = await installedKeys();
  const digits = prefix.toLowerCase().replace(/^0x/, "");
  const found = installed.filter(({ record }) => record.setupHash.startsWith(`0x${digits}`));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const details = { prefix, installed: installed.length, found: found.length };
  if (first === undefined) {
    throw new SealpatchError("key/not-installed", "no such keys are installed", {
      details,
      why: prefix === "" ? "no key package is installed" : "no setup hash of an installed package begins so",
      remedy: "install the key package that the ceremony's coordinator published",
    });
  }
  throw new SealpatchError("key/ambiguous-prefix", "several key packages are meant", {
    details,
    why: found.map(({ record }) => record.setupHash).join(", "),
    remedy: "give more digits of the setup hash",
  });
}

/**
 * Opens an installed key package, all of its files checked again.
 * @throws SealpatchError as `findInstalledKeys` and `openKeyPackage`.
 * @example
 * ```ts
 * import { openInstalledKeys } from "sealpatch/ceremony";
 * const manifest = await openInstalledKeys("0x1f2e");
 * ```
 */
export async function openInstalledKeys(prefix?: string, options?: Options): Promise<Manifest> {
  return openKeyPackage((await findInstalledKeys(prefix)).folder, options);
}

/**
 * Installs a key package into this user's home, by its setup hash. The copy is what is checked; it appears complete or not at all, and never in place
 * of other keys.
 * @param folder of the key package.
 * @returns where it stands, and whether it was there already.
 * @throws SealpatchError `key/other-keys-installed`, `key/home-unwritable`, and as `openKeyPackage`.
 * @example
 * ```ts
 * import { addKeys } from "sealpatch/ceremony";
 * const { folder, added } = await addKeys("keys-of-the-ceremony");
 * ```
 */
export async function addKeys(
  folder: string,
  { circuits }: Options = {},
): Promise<InstalledKeys & { readonly added: boolean }> {
  const record = await readRecord(folder);
  const target = join(await writableHome(keysFolder()), folderName(record));
  const files = packageFiles(record);
  const scratch = await mkdtemp(`${target}.making-`);
  const done = atExit(() => rmSync(scratch, { recursive: true, force: true }));
  try {
    for (const file of files) await copyInto(join(scratch, file), join(folder, file));
    const { record: copied } = await readKeyPackage(scratch, circuits);
    const added = await rename(scratch, target).then(
      () => true,
      () => false,
    );
    if (!added) await assertSame(target, copied, circuits);
    return { folder: target, record: copied, added };
  } finally {
    await rm(scratch, { recursive: true, force: true });
    done();
  }
}

/** A file that is missing is left out: what reads the copy names it. @throws SealpatchError `key/home-unwritable`. */
async function copyInto(to: string, from: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
    const file = await open(to, "r+");
    await file.sync().finally(() => file.close());
  } catch (error) {
    const cause = String((error as NodeJS.ErrnoException).code ?? "unknown");
    if (cause === "ENOENT" || cause === "EISDIR") return;
    throw new SealpatchError("key/home-unwritable", "the key package cannot be copied", {
      details: { home: dirname(to), cause },
      why: "a file of it cannot be read, or its copy cannot be written",
      remedy: "make room, or set SEALPATCH_HOME to a folder of your own",
    });
  }
}

/** What stands there already has to be the same package, whole. */
async function assertSame(
  target: string,
  record: CeremonyRecord,
  circuits: readonly CeremonyCircuit[] | undefined,
): Promise<void> {
  const there = await readKeyPackage(target, circuits).catch(() => undefined);
  if (there !== undefined && ceremonyRecordText(there.record) === ceremonyRecordText(record)) return;
  throw new SealpatchError("key/other-keys-installed", "something else is installed in place of these keys", {
    details: { folder: target },
    why: there === undefined ? "what is there is no whole key package" : "its record is another one",
    remedy: "look at that folder, move it away, and install again",
  });
}
