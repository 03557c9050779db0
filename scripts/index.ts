// The worked examples, as the drill plays them.
export { audit } from "./audit.js";
export { execute, schedule } from "./fast-track.js";
export { prepare, prove } from "./prove.js";
export { reveal, verify } from "./reveal.js";
export { seal } from "./seal.js";
