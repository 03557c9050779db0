/** What the public mempool shows of each command's transaction before a block has it. */
export const SHOWN = {
  deploy: "the contracts and who holds which role, which the chain shows anyway",
  schedule: "commitment, proof and proxy seconds before the block does, and nothing of the patch",
  veto: "which statement is about to be ended and why, so that whoever wants it executed may race you",
  halt: "that the lane is about to be closed and why, so that whoever wants to use it may race you",
  disclose: "the opening of the commitment and where the disclosure will be, seconds before the block does",
  execute:
    "init code, migration and layout before they are installed: the patch, and so, by comparison with the running code, the bug",
  safe: "what the owners of the Safe signed, with their signatures, seconds before the block does",
} as const;

/** What a transaction is for. */
export type Purpose = keyof typeof SHOWN;
