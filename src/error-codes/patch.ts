import type { ErrorEntry } from "./entry.js";

/** The sealed patch: bundle, review, targets, disclosure. */
export const PATCH_ERRORS = {
  "patch/cannot-decrypt": {
    meaning: "The sealed bundle cannot be decrypted with this identity: it was sealed for others.",
    remedy: "Ask the council to seal the bundle for your recipient.",
  },
  "patch/check-fails": {
    meaning:
      "A check of a disclosure fails; the message says which value differs. It stands in the result of the check and is not thrown.",
    remedy: "Compare the disclosure with the chain: one of them is not the incident it claims to be.",
  },
  "patch/damaged-bundle": {
    meaning: "The file is no sealed bundle, or a part of it is missing or was changed.",
    remedy: "Ask the council to send the bundle again.",
  },
  "patch/duplicate-member": {
    meaning: "A group lists one commitment twice.",
    remedy: "List each patch of the group once.",
  },
  "patch/duplicate-target": {
    meaning: "A statement lists one target twice.",
    remedy: "List each target once.",
  },
  "patch/group-apart": {
    meaning:
      "The members of a group are for several timelocks or chains, and one transaction of one timelock executes a group.",
    remedy: "Make a group for each timelock.",
  },
  "patch/group-repeats-proxy": {
    meaning: "Two members of a group are for one proxy: the first upgrade ends the other statement.",
    remedy: "Put both fixes into one patch.",
  },
  "patch/group-too-large": {
    meaning: "A transaction does not hold the gas that executing the whole group takes.",
    remedy: "Give the migrations less gas, or make smaller groups.",
  },
  "patch/group-without-window": {
    meaning: "There is no time at which all members of a group may execute.",
    remedy:
      "Give the members validity until the last delay has passed, or register policies with closer delays.",
  },
  "patch/invalid-recipient": {
    meaning: "A recipient is not an age recipient.",
    remedy: "Use the auditor's public recipient, which begins with age1, never the secret identity.",
  },
  "patch/malformed-bundle": {
    meaning: "The decrypted content is not of the form of a patch bundle.",
    remedy: "Ask the council to seal the bundle again.",
  },
  "patch/malformed-disclosure": {
    meaning: "The file is not of the form of a disclosure.",
    remedy: "Use the published file byte for byte.",
  },
  "patch/malformed-policy": {
    meaning: "The file or the value is not a policy.",
    remedy: "Give the file as it was made, or what parsePolicy made of it.",
  },
  "patch/malformed-target": {
    meaning: "The file or the value is not a target.",
    remedy: "Give the file as it was made, or what the timelock's client reads from the chain.",
  },
  "patch/migration-gas": {
    meaning:
      "A bundle has a migration without gas, or gas without a migration, or its gas is not a number of 64 bits.",
    remedy: "Give migrationGas where there is a migration, and 0 where there is none.",
  },
  "patch/migration-gas-too-high": {
    meaning: "No transaction holds the gas that a bundle commits for its migration.",
    remedy: "Seal the patch with less gas, or move a part of the migration into later transactions.",
  },
  "patch/no-group": { meaning: "A group has no commitment.", remedy: "Give the commitments of its patches." },
  "patch/no-recipient": {
    meaning: "A bundle was to be sealed for nobody.",
    remedy: "Name at least one age recipient.",
  },
  "patch/no-target": { meaning: "A statement has no target.", remedy: "Give at least one target." },
  "patch/not-checked": {
    meaning:
      "A check of a disclosure was not made: what it looks at is not to be had from this node. It stands in the result of the check and is not thrown.",
    remedy: "Verify with a node that has the state of the execution's block.",
  },
  "patch/other-current-source": {
    meaning:
      "The code that is live, or that was replaced, is not what the bundle's source of it compiles to, so the old layout read from that source may be of another contract.",
    remedy:
      "Seal the patch with the sources and settings that the live implementation was compiled from, unchanged, and the same release of solc.",
  },
  "patch/other-deployer": {
    meaning:
      "The bundle's deployer is not the timelock of its target, so that the patch would stand at another address.",
    remedy: "Seal the patch again with the timelock as deployer.",
  },
  "patch/other-implementation": {
    meaning: "The code that was given is not the implementation of one of the targets.",
    remedy: "Read the implementation from the chain again.",
  },
  "patch/other-layout": {
    meaning:
      "The layout of the live implementation, by the bundle's source of it, is not the one that the policy registers.",
    remedy:
      "Where the patch that installed it used the gap of a struct to its end, give that patch's layout as `previous` of the source. Else register the layout of the implementation that is live.",
  },
  "patch/other-migration-caller": {
    meaning: "The vectors run the migration as another account than the one that calls it on chain.",
    remedy: "Seal the patch with the proxy's ProxyAdmin as caller, or with the timelock where there is none.",
  },
  "patch/too-many-waivers": {
    meaning:
      "A policy waives as many baseline vectors as there are, or more, and so asks nothing of a patch.",
    remedy: "Waive none, or fewer vectors than the baseline has.",
  },
  "patch/unknown-target": {
    meaning: "The patch was not reviewed for this target.",
    remedy: "Take one of the targets that the patch was reviewed for.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
