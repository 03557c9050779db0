import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** TypeScript files below a folder, those not yet committed too. */
export function sourceFiles(folder: string): string[] {
  return execFileSync("git", ["ls-files", "-co", "--exclude-standard", folder], { encoding: "utf8" })
    .split("\n")
    .filter((file) => file.endsWith(".ts") && existsSync(file));
}

const COMMENT_OR_STRING =
  /\/\*[\s\S]*?\*\/|\/\/.*|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)/g;

/** The texts of all string literals of a source, without their quotes; templates as they are written, comments left out. */
export function stringsOf(source: string): string[] {
  return [...source.matchAll(COMMENT_OR_STRING)].flatMap(([, literal]) =>
    literal === undefined ? [] : [literal.slice(1, -1)],
  );
}
