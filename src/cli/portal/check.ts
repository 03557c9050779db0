import { createHash } from "node:crypto";
import { print, printJson } from "../../terminal/index.js";
import { readInput } from "../input-file.js";
import { EXIT } from "../run.js";
import { builtPortal, type PortalOptions } from "./inputs.js";

/** `portal check`. */
export async function check(file: string, options: PortalOptions): Promise<void> {
  const found = await readInput(file);
  const { html, sha256 } = await builtPortal(options);
  const same = Buffer.compare(found, Buffer.from(html, "utf8")) === 0;
  const of = createHash("sha256").update(found).digest("hex");
  if (options.json) printJson({ same, sha256: of, expected: sha256 });
  else if (same) print(`${file} is the page of these inputs`, `  SHA-256  ${sha256}`);
  else print(`${file} is not the page of these inputs`, `  SHA-256  ${of}`, `  built    ${sha256}`);
  process.exitCode = same ? EXIT.done : EXIT.refused;
}
