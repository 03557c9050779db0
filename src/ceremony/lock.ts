import { withLock as withFolderLock } from "../lock.js";
import { asUnwritable } from "./files.js";

/**
 * Does work that writes to a ceremony's folder while no other process does. What a killed process left is taken over.
 * @throws SealpatchError `ceremony/locked` with who holds it, `ceremony/folder-unwritable`.
 */
export function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const unwritable = (error: unknown) => asUnwritable(error, folder);
  return withFolderLock(folder, { locked: "ceremony/locked", unwritable }, work);
}
