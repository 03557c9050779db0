import type { ErrorEntry } from "./entry.js";

/** The configuration of a project, `sealpatch.toml`. */
export const CONFIG_ERRORS = {
  "config/contradiction": {
    meaning: "Two values of the configuration do not go together.",
    remedy: "Change one of the two that the error names.",
  },
  "config/invalid-value": {
    meaning: "A value of the configuration is of another kind, out of range, or may hold a secret.",
    remedy: "Correct the value that the error names.",
  },
  "config/malformed-deployments": {
    meaning: "The JSON is not of the form of a record of deployments.",
    remedy: "Give the file as it was made, from the repository of the project.",
  },
  "config/missing-key": {
    meaning: "The configuration lacks a key that has to be there.",
    remedy: "Add the key that the error names.",
  },
  "config/no-artifact": {
    meaning: "The compiler's output has no artifact of a contract that the configuration names.",
    remedy: "Compile the project, or name the contract as its compiler does.",
  },
  "config/no-node": {
    meaning: "The environment variable that the configuration names for a chain holds no URL of a node.",
    remedy: "Set the variable.",
  },
  "config/no-project": {
    meaning: "A configuration was to be made in a folder that holds no project of Foundry or Hardhat.",
    remedy: "Go to the folder where foundry.toml or the hardhat.config file lies.",
  },
  "config/no-source": {
    meaning:
      "No build-info file of the project holds the source of a contract, as it stands in the project or as the live code was compiled.",
    remedy: "Compile the whole project again with build-info, or name the build-info file.",
  },
  "config/no-such-chain": {
    meaning: "A chain was named that the configuration does not have, or none where it has several.",
    remedy: "Name one that it has.",
  },
  "config/no-such-proxy": {
    meaning: "A proxy was named that the configuration does not have.",
    remedy: "Name one that it has.",
  },
  "config/no-timelock": {
    meaning: "The configuration names no timelock for a chain where one is needed.",
    remedy: "Deploy it, then add its address to the chain.",
  },
  "config/not-toml": {
    meaning: "The configuration is not TOML.",
    remedy: "Correct the line that the error names.",
  },
  "config/other-auditors": {
    meaning: "The auditors' public files that the configuration names are not of the keys in the policy.",
    remedy: "Name the files of the policy's auditors, in its order.",
  },
  "config/several-tools": {
    meaning: "A configuration was to be made in a folder that is a project of Foundry and of Hardhat.",
    remedy: "Say which of them compiles what is deployed.",
  },
  "config/stale-policy": {
    meaning: "A policy file is not what the configuration makes of auditors, vectors and layout.",
    remedy: "Build it again, and have it reviewed again.",
  },
  "config/unknown-key": {
    meaning: "The configuration has a key that means nothing.",
    remedy: "Write it as the error says, or take it out.",
  },
  "config/unknown-target": {
    meaning: "A target is of a proxy that the configuration does not have.",
    remedy: "Take the configuration of the project that the target is of.",
  },
  "config/unreadable": {
    meaning: "The file system does not give the configuration, or the file is too large to be one.",
    remedy: "Check the path, and whether you may read the file.",
  },
  "config/unreadable-file": {
    meaning: "A file that the configuration names cannot be read.",
    remedy: "Put it there, or correct its path.",
  },
  "config/unreadable-foundry-toml": {
    meaning: "A project's foundry.toml is no TOML, or its folders are no texts.",
    remedy: "Write it as Foundry's documentation does.",
  },
  "config/unwritable-deployments": {
    meaning: "The file system does not take the record of deployments.",
    remedy: "Make the folder writable, and deploy again: nothing is deployed twice.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
