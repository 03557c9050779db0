import type { ErrorEntry } from "./entry.js";

/** The ceremony that makes production keys. */
export const CEREMONY_ERRORS = {
  "ceremony/bad-announcement": {
    meaning: "The JSON is not of the form of a ceremony's announcement, or was edited.",
    remedy: "Take ceremony.json from the coordinator again.",
  },
  "ceremony/bad-attestation": {
    meaning: "The JSON is not of the form of a contribution's attestation.",
    remedy: "Take attestation.json from the contributor again.",
  },
  "ceremony/bad-beacon-answer": {
    meaning: "The JSON is not of the form of an answer of drand.",
    remedy: "Save the answer of drand's `/public/ROUND` as it comes.",
  },
  "ceremony/bad-beacon-signature": {
    meaning: "A beacon's signature is not that of its chain's public key over its round.",
    remedy: "Save drand's answer for the announced round again, from another of its nodes.",
  },
  "ceremony/bad-entropy": {
    meaning: "The entropy that was given besides the operating system's is too little or cannot be read.",
    remedy: "Roll more dice, or give another file; the error shows nothing of it.",
  },
  "ceremony/bad-name": {
    meaning: "A contributor's name is empty, too long, not printable, or like a path.",
    remedy: "Give a name of 1 to 64 printed bytes without slashes.",
  },
  "ceremony/bad-pinned-list": {
    meaning: "The list of pinned powers of tau, which comes with the package, is not of its form.",
    remedy: "Install the package again.",
  },
  "ceremony/bad-record": {
    meaning: "The JSON is not of the form of a ceremony's record.",
    remedy: "Take record.json from the key package again.",
  },
  "ceremony/broken-chain": {
    meaning: "A contribution of a proving key does not follow from what was there before it.",
    remedy: "Go on from the last key whose chain holds; the error has the contribution's index.",
  },
  "ceremony/changed-key": {
    meaning: "A proving key's file has another hash than its attestation or announcement says.",
    remedy: "Copy the file again from whom you have it.",
  },
  "ceremony/changed-powers-of-tau": {
    meaning: "A file has the size of pinned powers of tau, and another content.",
    remedy: "Fetch the file again, from another mirror.",
  },
  "ceremony/early-beacon": {
    meaning: "The last contribution says that it was made after the beacon was known.",
    remedy: "Begin another ceremony with a later round.",
  },
  "ceremony/folder-in-use": {
    meaning: "The folder holds something else than this step would put there.",
    remedy: "Give a folder of its own.",
  },
  "ceremony/folder-unwritable": {
    meaning: "Files cannot be written to a folder: the error has the system's code.",
    remedy: "Make room, or give a folder that you may write to.",
  },
  "ceremony/locked": {
    meaning: "Another process works in the ceremony's folder; the error says which.",
    remedy: "Wait for it to end; delete the file .lock if its machine is gone.",
  },
  "ceremony/missing-file": {
    meaning: "A file of a contribution was not given.",
    remedy: "Give all files of the contributor, or the folder that holds them.",
  },
  "ceremony/name-taken": {
    meaning: "An earlier contribution has this name.",
    remedy: "Contribute under a name of your own.",
  },
  "ceremony/no-ceremony": {
    meaning: "The folder has no announcement, or no complete step.",
    remedy: "Put ceremony.json and the newest step's folder into it.",
  },
  "ceremony/no-contribution": {
    meaning: "A beacon was to be applied before anybody contributed.",
    remedy: "Receive contributions first.",
  },
  "ceremony/no-room": {
    meaning: "The disk or the memory is too small for a step; the error says how much it needs.",
    remedy: "Make room, or take a larger machine.",
  },
  "ceremony/not-verified": {
    meaning: "A check of the ceremony fails.",
    remedy: "Verify the ceremony to see every check.",
  },
  "ceremony/old-contribution": {
    meaning: "A contribution was not made of the newest keys.",
    remedy: "Send the contributor the newest keys, and ask for a contribution to them.",
  },
  "ceremony/other-attestation": {
    meaning: "A proving key is not the one that its attestation or announcement describes.",
    remedy: "Ask for key and attestation of the same contribution.",
  },
  "ceremony/other-ceremony": {
    meaning: "An attestation is of another ceremony, or of another step.",
    remedy: "Contribute to the newest keys of this ceremony.",
  },
  "ceremony/other-curve": {
    meaning: "The powers of tau are over another curve than BN254.",
    remedy: "Take powers of tau over BN254.",
  },
  "ceremony/other-history": {
    meaning: "A proving key is not the one before it and one contribution more.",
    remedy: "Contribute to the newest key of this ceremony.",
  },
  "ceremony/other-initial-key": {
    meaning:
      "A proving key has contributions or the hash of another circuit, and is handed in as an initial one.",
    remedy: "Make the initial key again, from the circuit and the powers of tau that the ceremony names.",
  },
  "ceremony/other-key": {
    meaning: "A proving key does not follow from the circuit, the powers of tau and its own delta.",
    remedy:
      "Check which circuit and which powers of tau the ceremony names, or go on from an earlier key; the error has the section.",
  },
  "ceremony/other-powers-of-tau": {
    meaning: "A file of powers of tau is none of the pinned ones.",
    remedy: "Fetch one of the files that the error names; data/powers-of-tau.json lists all.",
  },
  "ceremony/other-round": {
    meaning: "A beacon is of another round than the one that was announced.",
    remedy: "Save drand's answer for the announced round.",
  },
  "ceremony/other-successor": {
    meaning: "A proving key is not the one before it, changed by one contribution and in nothing else.",
    remedy: "Contribute to the newest key of this ceremony again; the error has the section.",
  },
  "ceremony/past-round": {
    meaning: "The beacon's round is over already, or is no round.",
    remedy: "Announce a round that comes after the last contribution.",
  },
  "ceremony/small-powers-of-tau": {
    meaning: "The powers of tau are too few for the largest circuit.",
    remedy: "Fetch one of the files that the error names.",
  },
  "ceremony/step-failed": {
    meaning: "A step of snarkjs stopped on the files that it was given.",
    remedy: "Verify the ceremony to find the file that is wrong.",
  },
  "ceremony/too-few-contributions": {
    meaning:
      "A ceremony was to ask for fewer contributions than a production key needs, or for more than it takes.",
    remedy: "Ask for 3 to 1000 contributions.",
  },
  "ceremony/too-late": {
    meaning: "A contribution comes after the beacon.",
    remedy: "End the ceremony, or begin another one with a later round.",
  },
  "ceremony/unprepared-powers-of-tau": {
    meaning: "A file holds powers of tau that were not prepared for the circuits' part of the ceremony.",
    remedy: "Take the prepared file of the same powers.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
