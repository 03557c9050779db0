import type { ErrorEntry } from "./entry.js";

/** The post-incident report. */
export const REPORT_ERRORS = {
  "report/other-disclosure": {
    meaning: "The chain has no publication of this disclosure file.",
    remedy: "Take the file as it was published, byte for byte, and the timelock and chain that it names.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
