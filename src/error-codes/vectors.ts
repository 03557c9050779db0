import type { ErrorEntry } from "./entry.js";

/** Vectors: sets, runs and verdicts. */
export const VECTOR_ERRORS = {
  "vectors/baseline-fails": {
    meaning: "A baseline vector fails on the patch, and no waiver is left.",
    remedy: "Correct the patch; a behaviour that must change needs a waiver in the policy.",
  },
  "vectors/code-address-mismatch": {
    meaning: "A vector without a proxy was run on code that is placed at another address than its subject.",
    remedy: "Place the code at the subject's address.",
  },
  "vectors/code-address-taken": {
    meaning: "The vector's state has an account at the address of the code under test.",
    remedy: "Place the code at its real address, or record the vector again.",
  },
  "vectors/code-mismatch": {
    meaning: "A code of the set does not hash to the key that it is listed under.",
    remedy: "Record the set again, or get it from its source.",
  },
  "vectors/code-missing": {
    meaning: "An account names a code hash that the set has no code for.",
    remedy: "Add the code to the set, or record the vector again.",
  },
  "vectors/contradiction": {
    meaning: "Parts of a vector contradict each other.",
    remedy: "Record the vector again, or correct the part that the error names.",
  },
  "vectors/coverage-without-abi": {
    meaning: "A minimum of functions was asked for, and there is no ABI that lists them.",
    remedy: "Give the code as a compiler's artifact, or ask for branches and opcodes only.",
  },
  "vectors/duplicate": {
    meaning: "An account, slot, block hash or name is given twice.",
    remedy: "Keep one of the two.",
  },
  "vectors/empty": {
    meaning: "The set has no vectors.",
    remedy: "Record a vector, or add those of another file.",
  },
  "vectors/engine-failure": {
    meaning: "The EVM implementation itself failed, so that the vector has no result.",
    remedy: "Report the contract and the vector.",
  },
  "vectors/incident-fails": {
    meaning: "An incident vector fails on the patch.",
    remedy: "Correct the patch, or the vector's expectation.",
  },
  "vectors/incident-is-baseline": {
    meaning: "An incident vector has the input of a baseline vector.",
    remedy: "Remove the incident vector, or record one that shows the bug.",
  },
  "vectors/incident-survives": {
    meaning: "An incident vector passes on the current code, so it shows no bug.",
    remedy: "Set its expectation to what a fixed contract does, and check that it reaches the bug.",
  },
  "vectors/malformed": {
    meaning: "The file is not of the form of a vector set; the error names the place.",
    remedy: "Compare the file with docs/vectors.md.",
  },
  "vectors/migration-gas-margin": {
    meaning: "The migration call does something else with half of the gas that arrives at it.",
    remedy: "Seal the patch with at least twice the gas that the migration needs.",
  },
  "vectors/migration-out-of-gas": {
    meaning: "The migration call, or a call inside of it, runs out of the gas that arrives.",
    remedy: "Seal the patch with more gas for the migration, or with a migration that needs less.",
  },
  "vectors/migration-reverted": {
    meaning: "The migration call fails on a vector's state.",
    remedy: "Check the migration's data and caller, and that the vector has the state that it reads.",
  },
  "vectors/migration-step-limit": {
    meaning: "The migration call does not end within a vector's step limit.",
    remedy: "Check the migration for an endless loop, or record the vector with a higher limit.",
  },
  "vectors/migration-upgrades": {
    meaning:
      "The migration writes an ERC-1967 slot of some account: it upgrades a proxy, or changes who may.",
    remedy: "Leave upgrades and changes of a proxy's admin out of the migration.",
  },
  "vectors/no-baseline": {
    meaning: "There is no baseline vector.",
    remedy: "Record baseline vectors and register their root.",
  },
  "vectors/no-incident": {
    meaning: "There is no incident vector.",
    remedy: "Record the incident, with the outcome that a fixed contract must have.",
  },
  "vectors/not-found": {
    meaning: "The set has no vector of that name or index.",
    remedy: "Choose one of the set's names, or an index below their number.",
  },
  "vectors/too-many": {
    meaning: "The set has more vectors than the tree that commits to it has leaves.",
    remedy: "Leave out vectors that repeat others.",
  },
  "vectors/unreadable": {
    meaning: "A vector file is missing, too large or not JSON.",
    remedy: "Check the path, and that the file is a vector set.",
  },
  "vectors/unwritable": {
    meaning: "A vector file cannot be written.",
    remedy: "Choose a file in a folder that exists and that you may write to.",
  },
  "vectors/worker-failed": {
    meaning: "A process that runs vectors ended before it was done.",
    remedy: "Run again with one worker; if that fails too, a vector needs more memory than there is.",
  },
  "vectors/wrong-kind": {
    meaning: "A set mixes baseline and incident vectors, or a vector is in the set of the other kind.",
    remedy: "Keep incident vectors in a set of their own.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
