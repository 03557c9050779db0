export {
  type CompilerOutput,
  inspectOutput,
  type OutputFault,
} from "./compiler-output.js";
export type { Configuration } from "./configuration.js";
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
export { chainNamed, laneOf, nodeUrl, proxyNamed } from "./lookup.js";
export { CONFIGURATION_FILE, type Project, parseConfiguration, readProject } from "./read.js";
