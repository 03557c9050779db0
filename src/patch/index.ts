export { callDigest, newSalt, type PatchOpening, patchCommitment } from "./commitment.js";
export { statementId, type Target, TargetTree, targetLeaf } from "./targets.js";
