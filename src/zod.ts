import { createRequire } from "node:module";
import type { z } from "zod";
import { lazily } from "./lazily.js";

const load = lazily(() => (createRequire(import.meta.url)("zod") as { z: typeof z }).z);

/**
 * zod, loaded when the first schema is built: it takes as long as half of everything else together. Schemas are made by
 * `lazily`, so that this is when the first file or answer is read.
 */
export const zod: typeof z = new Proxy({} as typeof z, { get: (_, name) => Reflect.get(load(), name) });
