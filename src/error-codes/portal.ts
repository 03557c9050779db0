import type { ErrorEntry } from "./entry.js";

/** The community's page. */
export const PORTAL_ERRORS = {
  "portal/no-node": {
    meaning: "A page has no node that it could ask, or what is named as one is no URL of http or https.",
    remedy: "Name the URL of a node that everybody may ask, without a key in it.",
  },
  "portal/not-a-page": {
    meaning: "A file is no page of this package: it has no data of one, or other data than a page has.",
    remedy: "Give a file that `sealpatch portal build` wrote.",
  },
  "portal/unused-policy": {
    meaning: "A policy was given for a page that no proxy of the page has.",
    remedy: "Give the file that the configuration names as a proxy's policy.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
