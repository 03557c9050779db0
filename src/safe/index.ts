export {
  readSafe,
  SAFE,
  SAFE_VERSIONS,
  type SafeAccount,
  type SafeOwners,
  type SafeVersion,
} from "./account.js";
export { actionOf, type CallArgument, type SafeAction } from "./action.js";
export { foldersOnNonce } from "./beside.js";
export { assertFolderHolds, type CheckedFolder, checkSafeFolder } from "./check.js";
export { type AddingOptions, addSignature, type OwnerState, ownerStates } from "./collect.js";
export {
  readSafeFolder,
  type SafeFolder,
  type SafeFolderParts,
  safeFiles,
  writeSafeFolder,
} from "./folder.js";
export {
  nestedHashes,
  ownerMessage,
  parseSafeRequest,
  type SafeRequest,
  safeRequest,
  safeRequestToJson,
} from "./form.js";
export type { SafeKnown } from "./known.js";
export { isExecutedIn, type NonceUse } from "./nonce.js";
export { type SafeSenders, sendThroughSafe } from "./send-through.js";
export { executionCall, nonceUsed, type SafeProgress, safeProgress } from "./sending.js";
export {
  type OwnerSignature,
  packSignatures,
  readSignature,
  type SignatureKind,
  signatureText,
} from "./signature.js";
export {
  plainCall,
  SAFE_MESSAGE,
  SAFE_TRANSACTION,
  type SafeHashes,
  type SafePlace,
  type SafeTransaction,
  safeDomain,
  safeHashes,
} from "./transaction.js";
