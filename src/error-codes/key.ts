import type { ErrorEntry } from "./entry.js";

/** Proving keys, verifying keys and verifier contracts. */
export const KEY_ERRORS = {
  "key/alphabeta-mismatch": {
    meaning: "The verifying key's product of alpha and beta is not their pairing.",
    remedy: "Export the key again; do not use a key that somebody edited.",
  },
  "key/ambiguous-prefix": {
    meaning: "The setup hashes of several installed key packages begin as was asked for.",
    remedy: "Give more digits of the setup hash.",
  },
  "key/bad-contract-name": {
    meaning: "The name cannot be the name of a verifier contract.",
    remedy: "Use letters, digits and underscores, beginning with a capital letter.",
  },
  "key/changed": {
    meaning: "The proving key's fingerprint is not the one in the build's manifest.",
    remedy: "Delete the folder of the key and make it again.",
  },
  "key/circuit-not-compiled": {
    meaning: "A circuit of the package could not be compiled to make its key.",
    remedy: "Make room on the disk and in memory, and install the package with its own exact dependencies.",
  },
  "key/class-not-proven": {
    meaning:
      "Keys that were not proven to come from a ceremony were to be deployed on a chain that is neither local nor a listed test network.",
    remedy: "Open the key package with proveKeyPackage and the powers of tau of its ceremony.",
  },
  "key/coordinate-out-of-range": {
    meaning: "A point of the verifying key has a coordinate that is not below the base field's order.",
    remedy: "Use the verifying key of a finished ceremony.",
  },
  "key/delta-is-generator": {
    meaning: "Delta is the generator: nobody has contributed to the circuit's part of the ceremony.",
    remedy: "Finish the ceremony; the proving key needs at least one contribution.",
  },
  "key/development-key": {
    meaning: "A development key, whose secrets are published, was to be used on a chain that is not local.",
    remedy:
      "Use the keys of a ceremony, or deploy to a local chain; a rehearsal on a fork runs as one: `anvil --chain-id 31337`.",
  },
  "key/free-signal": {
    meaning:
      "A circuit leaves a public signal unconstrained: a proof would hold for every value of it. No key is made.",
    remedy: "Constrain the signal, or remove it.",
  },
  "key/gamma-equals-delta": {
    meaning: "Gamma and delta are equal, so that anybody can make proofs of false statements.",
    remedy: "Never deploy this key; finish the ceremony.",
  },
  "key/gamma-not-generator": {
    meaning: "Gamma is not the generator, as it is in every key of snarkjs.",
    remedy: "Use the verifying key of a ceremony run with snarkjs.",
  },
  "key/home-unwritable": {
    meaning: "The folder for keys cannot be made or written.",
    remedy: "Set SEALPATCH_HOME to a folder of your own.",
  },
  "key/malformed": {
    meaning: "The JSON is not of the form of a Groth16 verifying key over BN254.",
    remedy: "Export the verifying key again from its .zkey.",
  },
  "key/no-package": {
    meaning: "A folder that was given as a key package has no record of a ceremony.",
    remedy: "Give the folder that the coordinator of the ceremony published.",
  },
  "key/not-installed": {
    meaning: "No key package is installed, or none whose setup hash begins as was asked for.",
    remedy: "Install the key package that the ceremony's coordinator published.",
  },
  "key/other-circuit": {
    meaning: "A development key that is made again from the circuit differs from the one at hand.",
    remedy: "Delete the key and make it again.",
  },
  "key/other-circuits": {
    meaning:
      "A key package is for other circuits than those of this release, or for these with other sources.",
    remedy: "Take the release that the ceremony was held with, or the keys of a ceremony for this one.",
  },
  "key/other-keys-installed": {
    meaning: "Where a key package was to be installed, another one stands, or the remains of one.",
    remedy: "Look at the folder that the error names, move it away, and install again.",
  },
  "key/other-verifying-key": {
    meaning: "The verifying key beside a proving key is not the one inside it.",
    remedy: "Delete the build folder and build again, or export the verifying key from the proving key.",
  },
  "key/package-changed": {
    meaning: "A file of a key package is missing, or is not the one that the record or the checksums name.",
    remedy: "Take the key package again from where it was published; do not edit it.",
  },
  "key/point-off-curve": {
    meaning: "A point of the verifying key is not on the curve.",
    remedy: "Use the verifying key of a finished ceremony.",
  },
  "key/point-outside-subgroup": {
    meaning: "A point of the verifying key is outside the subgroup of order r.",
    remedy: "Use the verifying key of a finished ceremony.",
  },
  "key/repeated-ic-point": {
    meaning: "Two public signals have the same point, or opposite ones, so that they can be exchanged.",
    remedy: "Check that the circuit constrains every public signal, then run the ceremony again.",
  },
  "key/trivial-alpha": {
    meaning: "Alpha is the generator: nobody has contributed to the powers of tau.",
    remedy: "Use powers of tau of a real ceremony.",
  },
  "key/trivial-beta": {
    meaning: "Beta is the generator: nobody has contributed to the powers of tau.",
    remedy: "Use powers of tau of a real ceremony.",
  },
  "key/unknown-template": {
    meaning: "The template of verifier contracts that snarkjs brings is not the one that this release knows.",
    remedy: "Install the package with its own exact dependencies.",
  },
  "key/unreadable": {
    meaning: "A file of constraints or a proving key is missing, cut off or of another kind.",
    remedy: "Build the file again.",
  },
  "key/verifier-mismatch": {
    meaning: "The source or the code of a verifier contract is not what the proving key gives.",
    remedy: "Delete the build folder and build again, or install the package again.",
  },
  "key/wrong-ic-length": {
    meaning: "The verifying key does not have exactly one point more than public signals.",
    remedy: "Export the verifying key again from its .zkey.",
  },
  "key/zero-point": {
    meaning: "A point of the verifying key is zero, or not affine.",
    remedy: "Use the verifying key of a finished ceremony.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
