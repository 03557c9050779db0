import { SealpatchError } from "../errors.js";

export function otherDisclosure(id: string): SealpatchError {
  return new SealpatchError("report/other-disclosure", "the chain has another disclosure than the file", {
    details: { id },
    why: "no publication of the statement has the hash of this file, or the file does not name its target",
    remedy: "take the file as it was published, and the statement that it is of",
  });
}
