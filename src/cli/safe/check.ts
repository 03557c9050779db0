import { resolve } from "node:path";
import { readKeystore, wipeKeystore } from "../../keystore/index.js";
import { decryptBundle, type PatchBundle, parsePolicy } from "../../patch/index.js";
import { type CheckedFolder, checkSafeFolder, type SafeFolder } from "../../safe/index.js";
import { print, printJson, withProgress } from "../../terminal/index.js";
import { exitCodeOf, printChecks } from "../checks.js";
import { readInput, readInputText } from "../input-file.js";
import { usageError } from "../options.js";
import { passphraseOf } from "../passphrase.js";
import { type FolderOptions, type FolderPlace, keysFor, withFolder } from "./place.js";
import { hashesOf, printHashes, printRequest, printRivals } from "./print.js";

interface CheckOptions extends FolderOptions {
  readonly policy?: string;
  readonly bundle?: string;
  readonly keystore?: string;
  readonly passphraseFile?: string;
  readonly keys?: string;
}

/** `safe check`. */
export async function check(path: string, options: CheckOptions): Promise<void> {
  const policy = options.policy === undefined ? undefined : parsePolicy(await readInputText(options.policy));
  await withFolder(path, options, async (place) => {
    const bundle = await openBundle(options, place);
    const manifest = await keysFor(place.folder, options);
    const checked = await withProgress("check", options.json, () =>
      checkSafeFolder(place.folder, { ...place.known, policy, bundle, manifest }),
    );
    process.exitCode = exitCodeOf(checked.checks);
    if (options.json) printJson(checkedAsJson(place.folder, checked));
    else printChecked(place.folder, checked);
  });
}

/** Shows a folder with every line. */
function printChecked(folder: SafeFolder, { action, checks, sameNonce }: CheckedFolder): void {
  printRequest(folder, action);
  printHashes(hashesOf(folder));
  print("");
  printChecks(checks);
  printRivals(sameNonce);
}

function checkedAsJson(folder: SafeFolder, { action, checks, sameNonce }: CheckedFolder) {
  const { chainId, safe, transaction } = folder.request;
  return {
    folder: folder.folder,
    chainId,
    safe,
    nonce: transaction.nonce,
    ...hashesOf(folder),
    action: action?.name ?? null,
    title: action?.title ?? null,
    words: action?.words ?? [],
    arguments: action?.arguments ?? [],
    checks,
    sameNonce,
  };
}

async function openBundle(
  { bundle: file, keystore, passphraseFile }: CheckOptions,
  { project }: FolderPlace,
): Promise<PatchBundle | undefined> {
  if (file === undefined) return undefined;
  const sealed = await readInput(file);
  const named = project?.configuration.keystores?.council;
  const path = keystore ?? (named === undefined ? undefined : resolve(project!.folder, named));
  if (path === undefined) throw usageError("nobody opens the bundle", "name your keystore with --keystore");
  const opened = await readKeystore(path, await passphraseOf({ file: passphraseFile, isNew: false }));
  try {
    return await decryptBundle(sealed, opened.identity);
  } finally {
    wipeKeystore(opened);
  }
}
