import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check } from "../../src/checks.js";
import {
  checkSafeFolder,
  readSafeFolder,
  type SafeFolder,
  type SafeFolderParts,
  type SafeKnown,
  type SafeRequest,
  writeSafeFolder,
} from "../../src/safe/index.js";

/** A new place, with nothing in it. */
export const newPlace = (): string => mkdtempSync(join(tmpdir(), "sealpatch-safe-"));

/** A folder of a request, written and read again. */
export async function writtenFolder(
  request: SafeRequest,
  schedule?: SafeFolderParts["schedule"],
  folder = join(newPlace(), "folder"),
): Promise<SafeFolder> {
  await writeSafeFolder(folder, { request, schedule });
  return readSafeFolder(folder);
}

/** Names of the lines that have an outcome. */
export async function linesThat(
  outcome: Check["outcome"],
  folder: SafeFolder,
  known: SafeKnown = {},
): Promise<string[]> {
  const { checks } = await checkSafeFolder(folder, known);
  return checks.filter((one) => one.outcome === outcome).map(({ name }) => name);
}
