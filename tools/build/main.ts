import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../src/places.js";
import { buildWithProgress } from "./progress.js";

await buildWithProgress();
// What the compiler writes next replaces everything: no file stays that the sources no longer have.
await rm(join(ROOT, "dist"), { recursive: true, force: true });
