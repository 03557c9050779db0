import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { SealpatchError } from "../../errors.js";
import { prepareHashing } from "../../field/index.js";
import { parseVectorSet, vectorSetToJson } from "./canonical.js";
import type { VectorSet } from "./schema.js";

/** Largest vector file that is read: 64 MiB. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/**
 * Reads and checks a vector file.
 * @throws SealpatchError `vectors/unreadable` (not a file, too large, not JSON), or as `parseVectorSet` does.
 */
export async function readVectorSet(path: string): Promise<VectorSet> {
  let json: unknown;
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES)
      throw new RangeError(`the file has ${size} bytes, more than ${MAX_FILE_BYTES}`);
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    // A JSON syntax error quotes the text, which may be an incident vector.
    const why = error instanceof SyntaxError ? "the file is not JSON" : (error as Error).message;
    throw new SealpatchError("vectors/unreadable", `the vector file ${path} cannot be read`, {
      details: { path },
      why,
      remedy: "check the path, and that the file is a vector set",
    });
  }
  // A set that is read is hashed next.
  await prepareHashing();
  return parseVectorSet(json);
}

/** Writes a vector file; a reader sees the old file or the whole new one. Incident vectors only their owner may read. */
export async function writeVectorSet(path: string, set: VectorSet): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const mode = set.vectors.some((vector) => vector.kind === "incident") ? 0o600 : 0o644;
  try {
    await writeFile(temporary, `${JSON.stringify(vectorSetToJson(set), null, 2)}\n`, { mode });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
