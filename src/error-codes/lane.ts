import type { ErrorEntry } from "./entry.js";

/** What those who run a lane do in several steps: deploying, proving, scheduling, executing. */
export const LANE_ERRORS = {
  "lane/malformed-execution": {
    meaning: "What was decrypted is not of the form of an execution.",
    remedy: "Give the file as it was made; a sealed bundle is another one.",
  },
  "lane/malformed-schedule": {
    meaning: "The JSON is not of the form of a schedule.",
    remedy: "Give the file as it was made.",
  },
  "lane/no-such-statement": {
    meaning: "The timelock has no statement of this commitment or id.",
    remedy: "Take it from the event of the scheduling, and check the chain.",
  },
  "lane/not-disclosable": {
    meaning: "A check that the public makes of a disclosure fails; it was not published.",
    remedy: "Take bundle, schedule, attestations and policy as they were when the statement was scheduled.",
  },
  "lane/not-executed": {
    meaning: "A statement was to be disclosed that is not executed.",
    remedy: "Execute it first; keep a patch to yourself that was not installed.",
  },
  "lane/not-executor": {
    meaning: "The account that was to execute does not hold EXECUTOR_ROLE.",
    remedy: "Send from an account that holds the role.",
  },
  "lane/not-for-this-timelock": {
    meaning: "A statement is for another timelock or another chain than the one that is meant.",
    remedy: "Take the chain that the statement was attested for.",
  },
  "lane/not-on-chain": {
    meaning: "A contract that was deployed is not on the chain, or another one is in its place.",
    remedy:
      "Check the node and the chain. Where a local chain began anew, take it out of the record of deployments.",
  },
  "lane/not-scheduled": {
    meaning: "A statement was to be executed that is not scheduled, or not any more.",
    remedy: "Have it scheduled first; seal the patch again where the statement has ended.",
  },
  "lane/not-yet": {
    meaning: "A statement was to be executed before its delay has passed.",
    remedy: "Wait until the time that the error names.",
  },
  "lane/nothing-under-way": {
    meaning: "The nonce of what is under way was to be used up, and nothing of the account is.",
    remedy: "Read the state of the statement. A transaction that was sent elsewhere is ended there.",
  },
  "lane/other-bundle": {
    meaning: "A bundle was to be disclosed whose commitment is not that of the statement.",
    remedy: "Give the bundle that was proven; of a group, in the order of the schedule.",
  },
  "lane/other-deployment": {
    meaning:
      "The record of deployments has a timelock that is not what the configuration and the keys make now.",
    remedy:
      "Change the timelock by its slow path, or take the chain out of the record to deploy another one.",
  },
  "lane/other-disclosure": {
    meaning: "The statement is disclosed already, by a file of other bytes.",
    remedy: "Take the file as it was published, or publish again with another one.",
  },
  "lane/other-execution": {
    meaning: "The code, the migration or the targets of an execution are not those that its proof is of.",
    remedy: "Take the file as it was made.",
  },
  "lane/other-file": {
    meaning: "Where a disclosure was to be written there is another file.",
    remedy: "Move it away, or choose another folder.",
  },
  "lane/other-keys": {
    meaning: "The timelock's verifier was made of other keys than those that a proof was to be made with.",
    remedy: "Prove with the keys whose setup hash the verifier has.",
  },
  "lane/other-targets": {
    meaning: "A statement of a schedule and its targets do not belong together, or a group is not whole.",
    remedy: "Take the file as it was made, with all members of the group in their order.",
  },
  "lane/role-without-holder": {
    meaning: "A timelock was to be deployed with a role that nobody holds.",
    remedy: "Name an account or a Safe for each role.",
  },
  "lane/sent-elsewhere": {
    meaning:
      "The node has a transaction of the account pending of which the journal knows nothing: what was to be sent would have waited behind it.",
    remedy: "Wait until it is mined, or end it where it was sent from.",
  },
  "lane/timelock-known": {
    meaning: "A timelock was to be deployed on a chain whose timelock stands in the configuration.",
    remedy: "Take it out of the configuration to deploy another one.",
  },
  "lane/too-few-attestations": {
    meaning: "Fewer attestations than the policy asks for sign what was scheduled.",
    remedy: "Give all attestations that the statement was proven with.",
  },
  "lane/under-way": {
    meaning:
      "Another transaction of the account may still be mined: what was to be sent would have replaced it, or waited behind it.",
    remedy: "Do again what is under way, which goes on with it, or use up its nonce by an empty transaction.",
  },
  "lane/unwritable-disclosure": {
    meaning: "The file of a disclosure could not be written, so nothing was sent.",
    remedy: "Choose a folder that you may write to.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
