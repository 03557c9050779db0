import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../places.js";

/**
 * What the proof does not show: the list of docs/limits.md, each point as plain text. The package ships the page.
 */
export async function whatIsNotShown(): Promise<string[]> {
  const page = await readFile(join(ROOT, "docs", "limits.md"), "utf8");
  const [, list = ""] = /^What it does not:\n\n(.*?)\n\n(?!- )/ms.exec(page) ?? [];
  return list
    .split(/^- /m)
    .slice(1)
    .map((point) =>
      point
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replaceAll(/\*\*|`/g, "")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
}
