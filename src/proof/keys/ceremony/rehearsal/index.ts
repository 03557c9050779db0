// What a ceremony is rehearsed with: powers of tau and initial keys of known secrets. No command has a way here.
export { writeInitialKey } from "./initial-key.js";
export { type PowersSecrets, writePowersOfTau } from "./powers-from-secrets.js";
