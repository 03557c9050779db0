export { checkPolicyFile, checkPolicyOnChain } from "./check-policy.js";
export {
  type CompilerOutput,
  inspectOutput,
  type OutputFault,
} from "./compiler-output.js";
export type { Configuration } from "./configuration.js";
export { sourceInFile, sourceInProject, sourceOfLive } from "./contract-source.js";
export {
  type DeployedContract,
  type Deployment,
  type Deployments,
  deploymentsToJson,
  parseDeployments,
  readDeployments,
  withDeployments,
  writeDeployments,
} from "./deployments.js";
export { detectProject, type ProjectFacts, TOOLS, type Tool } from "./detect.js";
export { openLane, type ProxyLane, proxyOf, readAuditors } from "./lane.js";
export { type ChainEntry, chainNamed, chainOf, laneOf, nodeUrl, proxyNamed, timelockOf } from "./lookup.js";
export { type BuiltPolicy, buildPolicy, readPolicy } from "./policy.js";
export { CONFIGURATION_FILE, type Project, parseConfiguration, readProject } from "./read.js";
export {
  type PatchForProxy,
  reviewForTarget,
  type SealedForProxy,
  type SealOptions,
  sealPatches,
} from "./seal-patches.js";
export { parseDuration } from "./values.js";
