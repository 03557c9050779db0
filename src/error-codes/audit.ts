import type { ErrorEntry } from "./entry.js";

/** Auditors' keys, the set of auditors, attestations. */
export const AUDIT_ERRORS = {
  "audit/below-threshold": {
    meaning: "Fewer attestations were given than the policy's threshold.",
    remedy: "Collect attestations of more auditors.",
  },
  "audit/duplicate-auditor": {
    meaning: "Two attestations were signed with the key of one auditor.",
    remedy: "Remove one of the two: each auditor counts once.",
  },
  "audit/duplicate-key": {
    meaning: "Two auditors of a set have the same public key.",
    remedy: "Let each auditor make a key of their own.",
  },
  "audit/empty-set": {
    meaning: "A set of auditors was made of no keys.",
    remedy: "Give at least one public key.",
  },
  "audit/invalid-key": {
    meaning:
      "A public key is not canonical, not on BabyJubJub, outside its prime-order subgroup, or neutral.",
    remedy: "Ask the auditor for the public key of a freshly made key pair.",
  },
  "audit/invalid-private-key": {
    meaning: "A private key is not 32 bytes, or all of them are zero.",
    remedy: "Decode the key as it was made; where it is lost, make another and have it registered.",
  },
  "audit/invalid-signature": {
    meaning: "An attestation's signature does not verify for this commitment, targets, baseline and report.",
    remedy: "Ask the auditor to review the current bundle and to attest again.",
  },
  "audit/malformed-attestation": {
    meaning: "The JSON is not of the form of an attestation, or a number in it is not canonical.",
    remedy: "Use the file as the auditor sent it.",
  },
  "audit/malformed-registration": {
    meaning:
      "The JSON is not of the form of an auditor's registration, a number in it is not canonical, or a label or recipient is none.",
    remedy: "Use the file as the auditor sent it; a label has 1 to 64 visible characters on one line.",
  },
  "audit/threshold-out-of-range": {
    meaning: "The threshold is 0, or larger than the number of signers that the circuit has room for.",
    remedy: "Register a threshold of at least 1 and at most the number of signers of the circuit.",
  },
  "audit/too-many-auditors": {
    meaning: "More public keys were given than the tree of auditors has leaves.",
    remedy: "Register fewer auditors, or build the circuit with a deeper tree.",
  },
  "audit/unknown-auditor": {
    meaning: "An attestation was signed with a key that is not in the set of auditors.",
    remedy: "Use attestations of registered auditors only, or the set that the policy registers.",
  },
  "audit/unproven-key": {
    meaning: "A registration is not signed by its own key: key, recipient or label was changed.",
    remedy: "Ask the auditor for the registration again, and compare the key by another channel.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
