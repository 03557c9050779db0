export { bundleToJson, type PatchBundle, parseBundle } from "./bundle.js";
export { callDigest, newSalt, type PatchOpening, patchCommitment } from "./commitment.js";
export {
  type Check,
  type Disclosure,
  type DisclosureFacts,
  disclosureHash,
  disclosureToText,
  parseDisclosure,
  verifyDisclosure,
} from "./disclosure.js";
export { compileContract, type RebuiltPatch, rebuildPatch } from "./rebuild.js";
export {
  assertRegisteredLayout,
  type PatchPolicy,
  type ReviewedPatch,
  type ReviewInputs,
  reviewPatch,
  type SealedReviewInputs,
} from "./review.js";
export { decryptBundle, encryptBundle, newBundle, newRecipient } from "./seal.js";
export type { AttestStatement } from "./statement.js";
export { statementId, type Target, TargetTree, targetLeaf } from "./targets.js";
