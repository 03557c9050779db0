import { existsSync } from "node:fs";
import { SealpatchError } from "../errors.js";

/** `file:Contract`, where the name may have a colon itself and so may the path. */
export function splitArgument(argument: string): { file: string; contract?: string } {
  for (let end = argument.length; end > 0; end = argument.lastIndexOf(":", end - 1)) {
    const file = argument.slice(0, end);
    if (existsSync(file)) {
      return end === argument.length ? { file } : { file, contract: argument.slice(end + 1) };
    }
  }
  throw unreadable(argument, "there is no such file", "check the path");
}

/** The error for a file that holds no readable contract. */
export function unreadable(file: string, why: string, remedy: string): SealpatchError {
  return new SealpatchError("cli/unreadable-code", `no code can be read from ${file}`, {
    details: { file },
    why,
    remedy,
  });
}
