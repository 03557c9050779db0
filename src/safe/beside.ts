import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { REQUEST_FILE, type SafeFolder, textIn } from "./folder.js";
import { parseSafeRequest, type SafeRequest } from "./form.js";
import { safeHashes } from "./transaction.js";

interface FolderBeside {
  readonly path: string;
  readonly request: SafeRequest;
  /** Of the fields: what a file says of its hashes may be anything. */
  readonly safeTxHash: string;
}

/** Folders for the owners of a Safe that lie beside one, by their paths. */
async function foldersBeside(folder: string): Promise<FolderBeside[]> {
  const around = dirname(resolve(folder));
  const names = await readdir(around, { withFileTypes: true }).catch(() => []);
  const found: FolderBeside[] = [];
  for (const entry of names) {
    const path = join(around, entry.name);
    if (!entry.isDirectory() || path === resolve(folder)) continue;
    // What is no such folder is none.
    const request = await textIn(path, REQUEST_FILE)
      .then(parseSafeRequest)
      .catch(() => undefined);
    if (request !== undefined)
      found.push({ path, request, safeTxHash: safeHashes(request, request.transaction).safeTxHash });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Folders beside one that are of a transaction of the same Safe with the same nonce, and of another hash. */
export async function foldersOnNonce({
  folder,
  request,
}: Pick<SafeFolder, "folder" | "request">): Promise<string[]> {
  const own = safeHashes(request, request.transaction).safeTxHash;
  const isRival = ({ request: other, safeTxHash }: FolderBeside): boolean =>
    other.chainId === request.chainId &&
    other.safe === request.safe &&
    other.transaction.nonce === request.transaction.nonce &&
    safeTxHash !== own;
  return (await foldersBeside(folder)).filter(isRival).map(({ path }) => path);
}

/** The folder beside one whose transaction has a hash; undefined where there is none. */
export async function folderOfHash(folder: string, hash: string): Promise<string | undefined> {
  return (await foldersBeside(folder)).find(({ safeTxHash }) => safeTxHash === hash)?.path;
}
