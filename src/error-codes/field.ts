import type { ErrorEntry } from "./entry.js";

/** Field elements, Poseidon and Merkle trees. */
export const FIELD_ERRORS = {
  "field/arity": {
    meaning: "A hash of no elements, or of more than 16, was asked for.",
    remedy: "Hash 1 to 16 elements, or use the sponge.",
  },
  "field/out-of-range": {
    meaning: "A value is negative, or not below the order of BN254's scalar field.",
    remedy: "Use the value as this package computed it, neither reduced nor padded.",
  },
  "field/word-out-of-range": {
    meaning: "A value is negative, or not below 2^256.",
    remedy: "Give a word of 256 bits.",
  },
  "merkle/too-many-leaves": {
    meaning: "More leaves were given than a tree of that depth has.",
    remedy: "Give at most 2^depth leaves.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
