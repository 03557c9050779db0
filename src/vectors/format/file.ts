import { readFile, stat } from "node:fs/promises";
import { SealpatchError } from "../../errors.js";
import { prepareHashing } from "../../field/index.js";
import { refusalOf, writeWhole } from "../../whole-file.js";
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
      throw unreadable(path, `the file has ${size} bytes, more than ${MAX_FILE_BYTES}`);
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof SealpatchError) throw error;
    // A JSON syntax error quotes the text, which may be an incident vector.
    throw unreadable(path, error instanceof SyntaxError ? "the file is not JSON" : refusalOf(error));
  }
  // A set that is read is hashed next.
  await prepareHashing();
  return parseVectorSet(json);
}

function unreadable(path: string, why: string): SealpatchError {
  return new SealpatchError("vectors/unreadable", `the vector file ${path} cannot be read`, {
    details: { path },
    why,
    remedy: "check the path, and that the file is a vector set",
  });
}

/**
 * Writes a vector file; a reader sees the old file or the whole new one. Incident vectors only their owner may read. Where the path is a link,
 * the file that it leads to is written and the link stays.
 * @throws SealpatchError `vectors/unwritable`, and as `vectorSetToJson` does.
 */
export async function writeVectorSet(path: string, set: VectorSet): Promise<void> {
  const text = `${JSON.stringify(vectorSetToJson(set), null, 2)}\n`;
  const mode = set.vectors.some((vector) => vector.kind === "incident") ? 0o600 : 0o644;
  try {
    await writeWhole(path, text, { mode, replace: true });
  } catch (error) {
    throw new SealpatchError("vectors/unwritable", `the vector file ${path} cannot be written`, {
      details: { path },
      why: refusalOf(error),
      remedy: "choose a file in a folder that exists and that you may write to",
    });
  }
}
