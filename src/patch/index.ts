export { newRecipient } from "../age.js";
export type { Check, Outcome } from "../checks.js";
export { bundleToJson, type ContractSource, type PatchBundle, parseBundle } from "./bundle.js";
export { type ChangedSource, changedSources, type Hunk, hunksOf } from "./changed-sources.js";
export {
  callDigest,
  migrationDigest,
  NO_EXECUTION,
  newSalt,
  type PatchOpening,
  patchAccount,
  patchCommitment,
  type ShownOpening,
  shownOpening,
} from "./commitment.js";
export { compileContract } from "./compile.js";
export { type DisclosureFacts, verifyDisclosure } from "./disclosure.js";
export {
  type Disclosure,
  disclosureHash,
  disclosureText,
  disclosureToJson,
  parseDisclosure,
} from "./disclosure-file.js";
export { type GroupMember, sealGroup } from "./group.js";
export type { InstalledFacts } from "./installed.js";
export { type DiffLine, diffLines } from "./line-diff.js";
export { batchGas, largestMigrationGas, TRANSACTION_GAS } from "./migration-gas.js";
export { assertPolicy, type PatchPolicy, parsePolicy, policyToJson } from "./policy.js";
export { type Publication, publicationsOf } from "./publication.js";
export { type RebuiltPatch, rebuildPatch } from "./rebuild.js";
export { type RerunPatch, rerunPatch } from "./rerun.js";
export {
  assertRegisteredLayout,
  type ReviewedPatch,
  type ReviewInputs,
  reviewPatch,
  type SealedReviewInputs,
} from "./review.js";
export {
  type BundleParts,
  decryptBundle,
  encryptBundle,
  newBundle,
  type SealingInputs,
} from "./seal.js";
export { assertRecipients, decryptText, encryptText } from "./sealed-text.js";
export type { AttestStatement } from "./statement.js";
export { parseTarget, type Target, targetToJson } from "./target-file.js";
export { idOfStatement, leafOfTarget } from "./target-hash.js";
export { groupOf, NO_GROUP, statementId, TargetTree, targetLeaf, targetOfStatement } from "./targets.js";
export type {
  CompilerBugWarning,
  NamespaceWarning,
  OpcodeWarning,
  PatchWarning,
  UnknownCompilerWarning,
} from "./warnings.js";
