export { startAnvil } from "./anvil.js";
export {
  type CaseCompilations,
  type CaseContext,
  type CaseVariant,
  type CorpusCase,
  type ExploitTransaction,
  type Scenario,
  type ScriptedCall,
  type Variant,
  variantsOf,
} from "./case.js";
export { DrillChain } from "./chain.js";
export type { Council } from "./council.js";
export { deployCase } from "./deploy.js";
export { type DrillReport, drill } from "./drill.js";
export { type ListedCase, listed, printList } from "./list.js";
export { printStep, printSummary } from "./print.js";
export { recordScenarios } from "./record.js";
export { callTo, type Frame, intrinsicGas, traceTransaction } from "./trace.js";
