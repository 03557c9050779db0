import type { ErrorEntry } from "./entry.js";

/** What anybody can check again with a file and a node. */
export const VERIFY_ERRORS = {
  "verify/no-such-statement": {
    meaning: "The timelock has executed no statement of a disclosure's targets.",
    remedy: "Check chain and timelock, or name the statement that the file is to be compared with.",
  },
  "verify/unknown-file": {
    meaning: "The file is none of those that can be verified.",
    remedy: "Give a disclosure, a policy, a proof with its statement, or a schedule, as it was made.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
