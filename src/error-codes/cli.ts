import type { ErrorEntry } from "./entry.js";

/** The command line. */
export const CLI_ERRORS = {
  "cli/file-exists": {
    meaning: "A command was to write a file where one is, and was not told to replace it.",
    remedy: "Choose another name, or move the file away.",
  },
  "cli/no-passphrase": {
    meaning: "Nothing was typed where a passphrase was asked for.",
    remedy: "Start again, and end the passphrase with the return key.",
  },
  "cli/not-confirmed": {
    meaning: "What was shown was not confirmed, so nothing was done.",
    remedy: "Start again, and type what the question asks for.",
  },
  "cli/passphrases-differ": {
    meaning: "The passphrase of a new keystore was typed in two ways.",
    remedy: "Start again: nothing was written.",
  },
  "cli/unexpected": {
    meaning: "An error that this package does not throw on purpose. Nothing of its text is shown.",
    remedy:
      "Report it as SECURITY.md says, with the command and the version; `SEALPATCH_DEBUG=1` adds where it arose.",
  },
  "cli/unknown-contract": {
    meaning: "The Solidity file declares no contract of that name, or several and none was named.",
    remedy: "Name one of the contracts that the error lists, behind the file and a colon.",
  },
  "cli/unreadable-code": {
    meaning: "The argument that should hold code is not a readable artifact or a file of hex.",
    remedy: "Give a compiler's artifact or a file of hex runtime code.",
  },
  "cli/unreadable-file": {
    meaning: "A file that the command line names cannot be read, or is too large to be what it should be.",
    remedy: "Check the path, and whether you may read the file.",
  },
  "cli/unreadable-passphrase": {
    meaning: "The file that should hold a passphrase cannot be read, or is not one line of text.",
    remedy: "Write the passphrase into the file, on one line and nothing else.",
  },
  "cli/unwritable-file": {
    meaning: "The file system does not take a file that a command was to write.",
    remedy: "Choose a file in a folder that exists and that you may write to.",
  },
  "cli/unwritable-output": {
    meaning: "Standard output takes no more, as where it leads to a file on a disk that is full.",
    remedy: "Send it to where there is room. What the command did before is done.",
  },
  "cli/usage": {
    meaning: "The command line is wrong: an unknown command or option, a missing argument or a bad value.",
    remedy: "Read the help of the command.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
