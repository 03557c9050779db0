import type { ErrorEntry } from "./entry.js";

/** Keystores: the encrypted files in which people keep their keys. */
export const KEYSTORE_ERRORS = {
  "keystore/damaged": {
    meaning: "A part of the file is missing or was changed, or it is no keystore at all.",
    remedy: "Take the keystore from a copy; without one, make new keys and have them registered.",
  },
  "keystore/exists": {
    meaning: "A keystore was to be written where a file is: keystores are never replaced.",
    remedy: "Choose another name, or move the file away.",
  },
  "keystore/invalid-label": {
    meaning:
      "A keystore was to be made with a label that is empty, longer than 64 characters, or not one visible line.",
    remedy: "Give a short name, as others know the person by.",
  },
  "keystore/malformed": {
    meaning: "What the passphrase opened is no keystore of this package.",
    remedy: "Give the file as it was made.",
  },
  "keystore/malformed-member": {
    meaning: "The JSON is not of the form of a council member's public file.",
    remedy: "Use the file as the member sent it.",
  },
  "keystore/not-an-account": {
    meaning:
      "The file that should hold the key of an Ethereum account is not in the Web3 Secret Storage format, version 3.",
    remedy: "Give the file that geth, `cast wallet` or your wallet exported for the account.",
  },
  "keystore/other-role": {
    meaning: "The keystore was made for another role.",
    remedy: "Give the keystore that was made for this role.",
  },
  "keystore/sealed-for-others": {
    meaning: "The file is encrypted to recipients and not with a passphrase.",
    remedy: "Give a keystore; a sealed bundle is opened with the keys in one.",
  },
  "keystore/short-passphrase": {
    meaning: "A keystore was to be encrypted with a passphrase of fewer than 12 characters.",
    remedy: "Give a longer one: five random words, or 16 random letters.",
  },
  "keystore/unreadable": {
    meaning: "The file system does not give the keystore, or the file is too large to be one.",
    remedy: "Check the path, and whether you may read the file.",
  },
  "keystore/unwritable": {
    meaning: "The file system does not take the keystore.",
    remedy: "Choose a file in a folder that exists and that you may write to.",
  },
  "keystore/wrong-passphrase": {
    meaning: "The passphrase does not open the keystore.",
    remedy: "Type it again; capital letters, spaces and the keyboard's language count.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
