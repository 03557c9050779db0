import type { ForgedWitness } from "./lies.js";

/** Lies in values that no input decides: the hints of circomlib's templates. */
export const FORGED_ATTEST_WITNESSES: readonly ForgedWitness[] = [];
