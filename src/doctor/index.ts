export { type ChainOptions, checkChain } from "./chain.js";
export type { Finding, OpenFinding } from "./finding.js";
export { checkMachine, type Machine } from "./machine.js";
export type { NodeOptions } from "./node.js";
export { checkProject, type ExaminedProject } from "./project.js";
