import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Check, type Disclosure, type DisclosureFacts, publicationsOf } from "../../patch/index.js";
import { assertNoFiles, jsonText, writeOutput } from "../output-file.js";

/** Files of a contract: the compiler's input, and what a verifier asks for beside it. */
const filesOf = (folder: string, of: string) => ({
  input: join(folder, `${of}.input.json`),
  form: join(folder, `${of}.json`),
});

/** Checks, before anything slow, that no file is there. @throws SealpatchError `cli/file-exists`. */
export async function assertNoPublication(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const of of ["patch", "replaced"]) await assertNoFiles(...Object.values(filesOf(folder, of)));
}

/**
 * Writes what source verifiers take into a folder, of each contract whose line holds.
 * @returns the files.
 * @throws SealpatchError `cli/unwritable-file`.
 */
export async function writePublication(
  folder: string,
  disclosure: Disclosure,
  facts: DisclosureFacts,
  checks: readonly Check[],
): Promise<string[]> {
  const written: string[] = [];
  for (const { input, ...form } of publicationsOf(disclosure, facts, checks)) {
    const files = filesOf(folder, form.of);
    await writeOutput(files.input, jsonText(input), true);
    await writeOutput(files.form, jsonText(form), true);
    written.push(files.input, files.form);
  }
  return written;
}
