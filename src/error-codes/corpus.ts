import type { ErrorEntry } from "./entry.js";

/** Cases of the drill. */
export const CORPUS_ERRORS = {
  "corpus/no-contract": {
    meaning: "A compilation lacks the contract that a case names.",
    remedy: "Check the names of the contract and its source in the case.",
  },
  "corpus/no-variant": {
    meaning: "A case has no variant behind this kind of proxy.",
    remedy: "Choose one of the kinds that the error lists.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
