import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { version } from "node:process";
import { ROOT } from "../places.js";

/** Versions of what makes a ceremony's keys, by their names. */
export function toolVersions(): Record<string, string> {
  const { resolve } = createRequire(import.meta.url);
  const read = (folder: string) =>
    (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
  return {
    sealpatch: read(ROOT),
    // Its package.json is its own; its entry lies in a folder of it.
    snarkjs: read(join(dirname(resolve("snarkjs")), "..")),
    circom2: read(dirname(resolve("circom2/package.json"))),
    circomlib: read(dirname(resolve("circomlib/package.json"))),
    node: version.slice(1),
  };
}
