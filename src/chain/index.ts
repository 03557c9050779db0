export { contractArtifact } from "./artifacts.js";
export type { Route } from "./contract.js";
export {
  deployContract,
  deployTimelock,
  deployVerifier,
  type LaneBounds,
  type TimelockRoles,
} from "./deploy.js";
export { rebuiltError } from "./errors.js";
export { readDisclosureFacts } from "./facts.js";
export { type LaneTerms, lanePolicy } from "./lane-policy.js";
export { asked, nodeChainId, providerOf } from "./node.js";
export type { CodeSource, DisclosureParts, ExecutionParts, LaneParts, SchedulingParts } from "./parts.js";
export { type SafeSenders, sendThroughSafe } from "./safe.js";
export {
  COMPARISONS,
  type Comparison,
  MEASURES,
  type Measure,
  type SafetyCheck,
} from "./safety-checks.js";
export { type Mined, type SendOptions, type SendTransaction, sendWith } from "./send.js";
export { PROXY_SLOTS } from "./slots.js";
export { TimelockClient } from "./timelock.js";
export {
  type Baseline,
  type Disclosed,
  LANE_STATUS,
  type LanePolicy,
  type LaneStatus,
  PROXY_KINDS,
  type ProxyKind,
  type Scheduled,
  type SlowPathCall,
  type SlowPathOperation,
  type SlowPathTransactions,
  STATEMENT_STATES,
  type StatementState,
} from "./types.js";
export { assertVerifier, setupHash } from "./verifier.js";
export { checkVerifierOnChain } from "./verifier-checks.js";
