export { contractArtifact } from "./artifacts.js";
export {
  deployContract,
  deployTimelock,
  deployVerifier,
  type LaneBounds,
  setupHash,
  type TimelockRoles,
} from "./deploy.js";
export { readDisclosureFacts } from "./facts.js";
export { sendThroughSafe } from "./safe.js";
export { executionSender, type Mined, type SendTransaction, sendWith } from "./send.js";
export { PROXY_SLOTS } from "./slots.js";
export { TimelockClient } from "./timelock.js";
export {
  type CodeSource,
  type Execution,
  type ExecutionOpening,
  LANE_STATUS,
  type LanePolicy,
  type LaneStatus,
  PROXY_KINDS,
  type ProxyKind,
  type SafetyCheck,
  type SlowPathCall,
  STATEMENT_STATES,
  type StatementState,
} from "./types.js";
