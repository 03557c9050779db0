export { type DeploymentStep, deployLane, type LanePlan, lanePlan } from "./deploy.js";
export { sendJournaled } from "./journaled.js";
