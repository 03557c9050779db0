import type { ErrorEntry } from "./entry.js";

/** The command line. */
export const CLI_ERRORS = {
  "cli/unexpected": {
    meaning: "An error that this package does not throw on purpose.",
    remedy: "Report it, with the command and the version.",
  },
  "cli/unknown-contract": {
    meaning: "The Solidity file declares no contract of that name, or several and none was named.",
    remedy: "Name one of the contracts that the error lists, behind the file and a colon.",
  },
  "cli/unreadable-code": {
    meaning: "The argument that should hold code is not a readable artifact or a file of hex.",
    remedy: "Give a compiler's artifact or a file of hex runtime code.",
  },
  "cli/usage": {
    meaning: "The command line is wrong: an unknown command or option, a missing argument or a bad value.",
    remedy: "Read the help of the command.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
