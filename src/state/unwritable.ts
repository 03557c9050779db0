import { SealpatchError } from "../errors.js";
import { codeOf, refusalOf } from "../whole-file.js";

/** The error for a refusal by the file system; every other error as it is. */
export function unwritableState(path: string, error: unknown): unknown {
  if (error instanceof SealpatchError || codeOf(error) === "") return error;
  return new SealpatchError("state/folder-unwritable", `the state in ${path} cannot be written or read`, {
    details: { path, cause: codeOf(error) },
    why: refusalOf(error),
    remedy: "work in a project's folder that you may write to",
  });
}
