import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../src/places.js";
import { bundleCommand, bundleDoors } from "./bundles.js";
import { buildWithProgress } from "./progress.js";

await buildWithProgress();
const dist = join(ROOT, "dist");
// What is written next, here and by the compiler, replaces everything: no file stays that the sources no longer have.
await rm(dist, { recursive: true, force: true });
await bundleDoors(join(dist, "sdk"));
await bundleCommand(join(dist, "cli"));
