import { basename, resolve } from "node:path";
import type { Provider } from "ethers";
import {
  actionOf,
  assertFolderHolds,
  checkSafeFolder,
  foldersOnNonce,
  nestedHashes,
  plainCall,
  readSafe,
  SAFE,
  type SafeFolder,
  type SafeRequest,
  safeHashes,
  safeRequest,
  writeSafeFolder,
} from "../../safe/index.js";
import { printJson } from "../../terminal/index.js";
import { nonceFor } from "./options.js";
import { type FolderOptions, keysFor, nodeOf, withFolder } from "./place.js";
import { printHashes, printRequest } from "./print.js";
import { printWritten } from "./write.js";

/** `safe void`. */
export async function voidFolder(
  path: string,
  options: FolderOptions & { readonly out?: string },
): Promise<void> {
  // Any folder may be made void, and no node has to be asked for it.
  const { rpc: _, ...others } = options;
  await withFolder(path, { ...others, offline: true }, async ({ folder: { request } }) => {
    const { safe, transaction } = request;
    const nothing = plainCall({ to: safe, data: "0x", nonce: transaction.nonce });
    await write(
      options.out ?? `${named(path)}-void`,
      safeRequest(request, nothing),
      options,
      transaction.nonce,
    );
  });
}

/** `safe approve`. */
export async function approve(
  path: string,
  options: FolderOptions & {
    readonly safe: string;
    readonly safeNonce?: string;
    readonly keys?: string;
    readonly out?: string;
  },
): Promise<void> {
  await withFolder(path, options, async (place) => {
    const { request } = place.folder;
    // Throws where that is no owner which is a Safe.
    nestedHashes(request, options.safe);
    const provider = nodeOf(place);
    const manifest = await keysFor(place.folder, options);
    assertFolderHolds(await checkSafeFolder(place.folder, { ...place.known, manifest }));
    const account = await readSafe(provider, options.safe);
    const nonce = nonceFor(account, options.safeNonce);
    const data = SAFE.encodeFunctionData("approveHash", [
      safeHashes(request, request.transaction).safeTxHash,
    ]);
    const approval = safeRequest(account, plainCall({ to: request.safe, data, nonce }));
    await write(options.out ?? `${named(path)}-approve-${nonce}`, approval, options, account.nonce);
  });
}

/**
 * Writes the folder of the same call with the Safe's present nonce, beside the one whose nonce was used.
 * @returns its path.
 */
export async function nextFolder(
  provider: Provider,
  { folder, request, schedule }: SafeFolder,
): Promise<string> {
  const account = await readSafe(provider, request.safe);
  const { to, data } = request.transaction;
  const next = safeRequest(account, plainCall({ to, data, nonce: account.nonce }));
  const path = `${named(folder).replace(/-[0-9]+$/, "")}-${account.nonce}`;
  await writeSafeFolder(path, { request: next, schedule });
  return path;
}

async function write(
  path: string,
  request: SafeRequest,
  { json }: { readonly json?: boolean },
  nonce: bigint,
): Promise<void> {
  const isNew = await writeSafeFolder(path, { request, schedule: undefined });
  const folder: SafeFolder = { folder: path, request, schedule: undefined };
  const rivals = await foldersOnNonce(folder);
  if (json) {
    printJson({
      folder: path,
      isNew,
      nonce: request.transaction.nonce,
      ...request.hashes,
      sameNonce: rivals,
    });
    return;
  }
  printRequest(folder, await actionOf(request, request.transaction));
  printHashes(request.hashes);
  printWritten({ folder, isNew, rivals }, { nonce, threshold: request.threshold });
}

/** A folder's path as one with another name begins, also of a folder that is named from within. */
function named(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  return /^\.{0,2}$/.test(basename(trimmed)) ? resolve(path) : trimmed;
}
