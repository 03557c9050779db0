import { basename, dirname, join } from "node:path";
import type { Provider } from "ethers";
import {
  actionOf,
  foldersOnNonce,
  nestedHashes,
  plainCall,
  readSafe,
  SAFE,
  type SafeFolder,
  type SafeRequest,
  safeRequest,
  writeSafeFolder,
} from "../../safe/index.js";
import { printJson } from "../../terminal/index.js";
import { nonceOf } from "./options.js";
import { type FolderOptions, nodeOf, withFolder } from "./place.js";
import { printHashes, printRequest } from "./print.js";
import { printWritten } from "./write.js";

/** `safe void`. */
export async function voidFolder(
  path: string,
  options: FolderOptions & { readonly out?: string },
): Promise<void> {
  await withFolder(path, { ...options, offline: true }, async ({ folder: { request } }) => {
    const { safe, transaction } = request;
    const nothing = plainCall({ to: safe, data: "0x", nonce: transaction.nonce });
    await write(
      options.out ?? `${trimmed(path)}-void`,
      safeRequest(request, nothing),
      options,
      transaction.nonce,
    );
  });
}

/** `safe approve`. */
export async function approve(
  path: string,
  options: FolderOptions & { readonly safe: string; readonly safeNonce?: string; readonly out?: string },
): Promise<void> {
  await withFolder(path, options, async (place) => {
    const { request } = place.folder;
    // Throws where that is no owner which is a Safe.
    nestedHashes(request, options.safe);
    const account = await readSafe(nodeOf(place), options.safe);
    const nonce = nonceOf(options.safeNonce) ?? account.nonce;
    const data = SAFE.encodeFunctionData("approveHash", [request.hashes.safeTxHash]);
    const approval = safeRequest(account, plainCall({ to: request.safe, data, nonce }));
    await write(options.out ?? `${trimmed(path)}-approve-${nonce}`, approval, options, account.nonce);
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
  const name = basename(trimmed(folder)).replace(/-[0-9]+$/, "");
  const path = join(dirname(trimmed(folder)), `${name}-${account.nonce}`);
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

const trimmed = (path: string): string => path.replace(/\/+$/, "");
