export { contractArtifact } from "./artifacts.js";
export { assertRoute, type Route, timelockInterface } from "./contract.js";
export { decodedWholly, readLog } from "./decoded.js";
export {
  creationData,
  type Deployer,
  deployContract,
  deployTimelock,
  deployTimelockBy,
  deployVerifier,
  deployVerifierBy,
  type LaneBounds,
  type NewContract,
  type TimelockOptions,
  type TimelockRoles,
} from "./deploy.js";
export { rebuiltError } from "./errors.js";
export {
  type ExecutionFacts,
  readDisclosureFacts,
  readExecutionFacts,
  type StatementPlace,
} from "./facts.js";
export { MAX_FEE, shownGwei } from "./fees.js";
export { type Proposal, proposalOf } from "./governor.js";
export { eventsOf, type Ground, type GroundPolicy, type TimelockEvent, type TimelockLogs } from "./ground.js";
export { type LaneTerms, lanePolicy } from "./lane-policy.js";
export { type LogFilter, LogReader } from "./logs.js";
export { asked, assertChain, assertServes, connectTo, newestBlock, nodeChainId, providerOf } from "./node.js";
export type { Outlet } from "./outlet.js";
export type { CodeSource, DisclosureParts, ExecutionParts, LaneParts, SchedulingParts } from "./parts.js";
export { assertPresentTarget, assertRegisteredPolicy } from "./registered.js";
export {
  MOST_BLOCKS,
  RELAY_KINDS,
  type RelayKind,
  type RelayOptions,
  relayTo,
  relayUrlFault,
} from "./relay.js";
export {
  COMPARISONS,
  type Comparison,
  MEASURES,
  type Measure,
  type SafetyCheck,
} from "./safety-checks.js";
export { readScheduledFacts, type ScheduledFacts } from "./scheduled.js";
export { type Mined, type SendTransaction, sendWith } from "./send.js";
export type { SendOptions, SignedTransaction } from "./send-options.js";
export { type KnownProxy, PROXY_SLOTS, runningCode } from "./slots.js";
export { enumName, LANE_STATUS, type LaneStatus, STATEMENT_STATES, type StatementState } from "./states.js";
export {
  commitmentDisclosedBy,
  type DisclosedStep,
  type GuardianStep,
  type LaneStep,
  readGuardianStep,
  readStatementSteps,
  type StatementSteps,
} from "./steps.js";
export { TIMELOCK_ROLES, TimelockClient, type TimelockRole, type TimelockView } from "./timelock.js";
export {
  type Baseline,
  type ContractCall,
  type Disclosed,
  type LanePolicy,
  PROXY_KINDS,
  type ProxyKind,
  type Scheduled,
  type SlowPathCall,
  type SlowPathOperation,
  type SlowPathTransactions,
} from "./types.js";
export { assertVerifier, compiledVerifiers, setupHash } from "./verifier.js";
export { checkVerifierOnChain } from "./verifier-checks.js";
export { isSame, type Wanted, wantedBy } from "./wait.js";
