import type { ErrorEntry } from "./entry.js";

/** The state folder of a project, `.sealpatch`. */
export const STATE_ERRORS = {
  "state/folder-unwritable": {
    meaning: "The state folder, or a file in it, cannot be written or read.",
    remedy: "Work in a project's folder that is yours; make room where the disk is full.",
  },
  "state/locked": {
    meaning: "Another run works with the state folder; the error says which process holds it.",
    remedy: "Wait for it to end.",
  },
  "state/malformed-cursor": {
    meaning: "The cursor of a watch is not one that this package wrote.",
    remedy: "Take it from a copy, or begin with a new cursor: events are then given again.",
  },
  "state/malformed-journal": {
    meaning: "The journal of the state folder has a line that this package did not write.",
    remedy: "Take it from a copy, or move it away once you know that none of its transactions is under way.",
  },
  "state/open-to-others": {
    meaning: "Other users of the machine may read or write the state folder.",
    remedy: "Take the permissions away from them, after looking at what is in it.",
  },
  "state/other-cursor": {
    meaning: "The cursor of a watch is of another timelock, or of another chain than the node serves.",
    remedy: "Keep a cursor for each timelock, and check which chain the node serves.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
