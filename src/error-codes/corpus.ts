import type { ErrorEntry } from "./entry.js";

/** Cases of the drill. */
export const CORPUS_ERRORS = {
  "corpus/no-contract": {
    meaning: "A compilation lacks the contract that a case names.",
    remedy: "Check the names of the contract and its source in the case.",
  },
  "corpus/no-foundry": {
    meaning: "A program of Foundry that the drill needs is not installed for this machine.",
    remedy: "Install again without leaving out optional dependencies; Linux and macOS are supported.",
  },
  "corpus/no-variant": {
    meaning: "A case has no variant behind this kind of proxy.",
    remedy: "Choose one of the kinds that the error lists.",
  },
  "corpus/not-shipped": {
    meaning: "The package does not have the sources of this case: it ships those of one.",
    remedy: "Run the case in a clone of the repository.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
