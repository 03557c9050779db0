export { checkPolicyFile, checkPolicyOnChain } from "./check-policy.js";
export {
  type CompilerOutput,
  inspectOutput,
  type OutputFault,
} from "./compiler-output.js";
export type { Configuration } from "./configuration.js";
export { detectProject, type ProjectFacts, TOOLS, type Tool } from "./detect.js";
export { chainOf, laneOf, nodeUrl, proxyNamed, timelockOf } from "./lookup.js";
export { type BuiltPolicy, buildPolicy, readPolicy } from "./policy.js";
export { CONFIGURATION_FILE, type Project, parseConfiguration, readProject } from "./read.js";
export { parseDuration } from "./values.js";
