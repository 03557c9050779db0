import { audit } from "../scripts/audit.js";
import { execute, schedule } from "../scripts/fast-track.js";
import { prepare, prove } from "../scripts/prove.js";
import { reveal, verify } from "../scripts/reveal.js";
import { seal } from "../scripts/seal.js";
import type { Council } from "../src/drill/index.js";

/** The worked examples, as the drill plays them. */
export const council: Council = { seal, audit, prepare, prove, schedule, execute, reveal, verify };
