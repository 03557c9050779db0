import type { ErrorEntry } from "./entry.js";

/** What the owners of a Safe sign, and what they give. */
export const SAFE_ERRORS = {
  "safe/already-signed": {
    meaning: "An owner's signature is in the folder already.",
    remedy: "Add the signature of another owner.",
  },
  "safe/malformed-signature": {
    meaning: "A text is no signature of a Safe's transaction, of any kind that the Safe knows.",
    remedy: "Give the signature as the device or wallet shows it.",
  },
  "safe/malformed-transaction": {
    meaning: "The JSON is not of the form of a Safe's transaction.",
    remedy: "Give the folder as it was made.",
  },
  "safe/needs-node": {
    meaning: "An approval on chain, or a contract's signature, was to be taken without asking the chain.",
    remedy: "Name a node.",
  },
  "safe/nonce-used": {
    meaning:
      "The Safe has used the nonce: by this transaction, or by another one, which made all signatures void.",
    remedy: "Where it was another one, let the owners sign the new folder.",
  },
  "safe/not-a-nested-safe": {
    meaning: "An address was named for an owner that is a Safe itself, and is none.",
    remedy: "Name an owner of the Safe that is a Safe.",
  },
  "safe/not-approved": {
    meaning:
      "The chain does not say that an owner agrees: it approved no such hash, or does not take a signature for its own.",
    remedy: "Let that owner sign or approve first.",
  },
  "safe/not-checked": {
    meaning: "A folder was to be signed or sent of which a check fails.",
    remedy: "Read what `safe check` says, and do not sign what it does not explain.",
  },
  "safe/not-next": {
    meaning: "A transaction was to be sent whose nonce is not the next one of the Safe.",
    remedy: "Send those before it first.",
  },
  "safe/other-folder": {
    meaning: "Where a folder was to be written there is one of something else.",
    remedy: "Choose another folder, or move that one away.",
  },
  "safe/other-owners": {
    meaning: "The Safe's owners, its threshold or its release are not those that the folder was made with.",
    remedy: "Write the folder again; signatures of those who are still owners stay valid.",
  },
  "safe/other-signer": {
    meaning: "A signature is by no owner of the Safe, as what it says it is.",
    remedy: "Compare the hashes on the device with those of the folder, and sign what is in it.",
  },
  "safe/other-transaction": {
    meaning: "An owner signed for another chain, or with another nonce.",
    remedy: "Let that owner sign what is in the folder.",
  },
  "safe/too-few-signatures": {
    meaning: "A transaction was to be sent that fewer owners signed than the Safe asks for.",
    remedy: "Collect more signatures.",
  },
  "safe/too-many-owners": {
    meaning: "A Safe, or an owner that is a Safe, has more owners than are supported.",
    remedy: "Take owners out of the Safe, or sign with Safe's own programs.",
  },
  "safe/unreadable-folder": {
    meaning: "A folder for the owners of a Safe cannot be read.",
    remedy: "Name a folder that was written for the owners of a Safe, as it was written.",
  },
  "safe/unsupported-version": {
    meaning: "The Safe is of a release whose transactions may be hashed or checked otherwise.",
    remedy: "Upgrade the Safe, or sign with Safe's own programs.",
  },
  "safe/unwritable-folder": {
    meaning: "A folder for the owners of a Safe cannot be written.",
    remedy: "Choose a folder in a place that you may write to.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
