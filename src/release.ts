import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lazily } from "./lazily.js";
import { ROOT } from "./places.js";

/** Version of this package, as npm has it. */
export const release = lazily(() => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  return version;
});
