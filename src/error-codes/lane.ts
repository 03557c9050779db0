import type { ErrorEntry } from "./entry.js";

/** What those who run a lane do in several steps: deploying, proving, scheduling, executing. */
export const LANE_ERRORS = {
  "lane/not-on-chain": {
    meaning: "A contract that was deployed is not on the chain, or another one is in its place.",
    remedy:
      "Check the node and the chain. Where a local chain began anew, take it out of the record of deployments.",
  },
  "lane/other-deployment": {
    meaning:
      "The record of deployments has a timelock that is not what the configuration and the keys make now.",
    remedy:
      "Change the timelock by its slow path, or take the chain out of the record to deploy another one.",
  },
  "lane/role-without-holder": {
    meaning: "A timelock was to be deployed with a role that nobody holds.",
    remedy: "Name an account or a Safe for each role.",
  },
  "lane/timelock-known": {
    meaning: "A timelock was to be deployed on a chain whose timelock stands in the configuration.",
    remedy: "Take it out of the configuration to deploy another one.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
