import type { ErrorEntry } from "./entry.js";

/** Field elements, Poseidon and Merkle trees. */
export const FIELD_ERRORS = {
  "field/arity": {
    meaning: "A hash of no elements, or of more than 16, was asked for.",
    remedy: "Hash 1 to 16 elements, or use the sponge.",
  },
  "field/malformed-tag": {
    meaning: "A domain tag is empty, longer than 31 characters, or not of printable ASCII.",
    remedy: "Use one of the tags of the protocol.",
  },
  "field/not-a-hash": {
    meaning: "A value that must be 32 bytes of hex is not.",
    remedy: "Give 0x and 64 hexadecimal digits.",
  },
  "field/not-bytes": {
    meaning:
      "A value that is hashed or measured as bytes is no Uint8Array, for example hex or an array of numbers.",
    remedy: "Decode it to a Uint8Array first.",
  },
  "field/out-of-range": {
    meaning: "A value is no bigint, negative, or not below the order of BN254's scalar field.",
    remedy: "Use the value as this package computed it, neither reduced nor padded.",
  },
  "field/word-out-of-range": {
    meaning: "A value is no bigint, negative, or not below 2^256.",
    remedy: "Give a word of 256 bits.",
  },
  "merkle/out-of-range": {
    meaning: "A depth or the index of a leaf is not a number that a Merkle tree has.",
    remedy: "Give an integer: a depth of 0 to 30, an index below 2^depth.",
  },
  "merkle/too-many-leaves": {
    meaning: "More leaves were given than a tree of that depth has.",
    remedy: "Give at most 2^depth leaves.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
