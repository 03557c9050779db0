import { print, printJson } from "../../terminal/index.js";
import { writeOutput } from "../output-file.js";
import { builtPortal, type PortalOptions } from "./inputs.js";

/** `portal build`. */
export async function build(options: PortalOptions & { readonly out: string }): Promise<void> {
  const built = await builtPortal(options);
  if (built === undefined) return;
  const { html, bytes, sha256 } = built;
  await writeOutput(options.out, html, true);
  if (options.json) printJson({ file: options.out, bytes, sha256 });
  else print(options.out, `  bytes    ${bytes}`, `  SHA-256  ${sha256}`);
}
