import type { ErrorEntry } from "./entry.js";

/** Statements of the circuits, and the provers. */
export const PROOF_ERRORS = {
  "proof/bad-calculator": {
    meaning: "The file is not a circom 2 witness calculator over BN254, or it crashed.",
    remedy: "Compile the circuit again.",
  },
  "proof/does-not-verify": {
    meaning: "The prover made a proof that does not verify.",
    remedy: "Check the proving key against the circuit, or use another prover.",
  },
  "proof/input-mismatch": {
    meaning: "An input of the circuit is missing, unknown or of another size.",
    remedy: "Use the inputs that this package computes, with the circuit of the same release.",
  },
  "proof/key-mismatch": {
    meaning: "The proving key and the witness have different numbers of values.",
    remedy: "Use the key that was made from this circuit.",
  },
  "proof/malformed": {
    meaning: "The JSON is not of the form of a Groth16 proof.",
    remedy: "Make the proof again.",
  },
  "proof/no-key": {
    meaning: "The proving key of a circuit is not on this machine.",
    remedy:
      "Make the development keys with makeDevelopmentKeys, or set SEALPATCH_HOME to the folder that has the keys.",
  },
  "proof/not-built": {
    meaning: "There is no manifest of a build, or it has another schema.",
    remedy: "Build circuits, keys and contracts.",
  },
  "proof/other-auditors": {
    meaning: "The root of the auditors' keys is not the registered one.",
    remedy: "Use the registered auditors, in the order of their registration.",
  },
  "proof/other-code": {
    meaning: "The runtime code is not the sealed one.",
    remedy: "Use the patch that the commitment was made of.",
  },
  "proof/other-commitment": {
    meaning: "The commitment does not open to this patch.",
    remedy: "Use the patch and the salt that the commitment was made of.",
  },
  "proof/other-incidents": {
    meaning: "The incident vectors do not have the sealed root.",
    remedy: "Use the incident vectors of the bundle, unchanged and in order.",
  },
  "proof/other-layout": {
    meaning: "A layout does not have the registered or the sealed root.",
    remedy: "Use the registered old layout, and the new layout of the sealed patch.",
  },
  "proof/other-migration": {
    meaning: "The migration call is not the sealed one.",
    remedy: "Use the patch that the commitment was made of.",
  },
  "proof/other-signals": {
    meaning: "A proof's public signals are not those of its statement.",
    remedy: "Build circuits and package from the same sources.",
  },
  "proof/other-value": {
    meaning: "The code's polynomial does not have the stated value at the challenge.",
    remedy: "Use the patch that the commitment was made of.",
  },
  "proof/other-vector-set": {
    meaning: "The baseline vectors do not have the registered root.",
    remedy: "Use the whole registered set, in its order.",
  },
  "proof/prover-failed": {
    meaning: "A prover ended without a proof.",
    remedy: "Check that the proving key is whole, and that there is enough memory and disk.",
  },
  "proof/prover-missing": {
    meaning: "The prover that the environment names is not an executable file.",
    remedy: "Correct the variable, or unset it to use the built-in prover.",
  },
  "proof/witness-refused": {
    meaning: "The input breaks a constraint of the circuit; the error names the template and line.",
    remedy: "Correct what the statement is made of: a false statement has no proof.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
