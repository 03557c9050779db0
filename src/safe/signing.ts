import { join } from "node:path";
import { getAddress } from "ethers";
import { type SafeFolder, SIGNATURES } from "./folder.js";
import { nestedHashes, nestedOwners } from "./form.js";
import { safeHashes } from "./transaction.js";

/** What is signed, and by whom: the Safe's own transaction, or the message that an owner signs which is a Safe. */
export interface Signing {
  readonly hash: string;
  readonly owners: readonly string[];
  readonly threshold: number;
  /** Folder of the signatures. */
  readonly folder: string;
}

/** @throws SealpatchError `safe/not-a-nested-safe`. */
export function signingOf({ folder, request }: SafeFolder, owner?: string): Signing {
  if (owner === undefined) {
    const { owners, threshold, transaction } = request;
    const hash = safeHashes(request, transaction).safeTxHash;
    return { hash, owners, threshold, folder: join(folder, SIGNATURES) };
  }
  const { owners, threshold } = nestedOwners(request, owner);
  const hash = nestedHashes(request, owner).safeTxHash;
  return { hash, owners, threshold, folder: join(folder, SIGNATURES, getAddress(owner)) };
}
