export {
  type Attendance,
  type AttestedPatch,
  type JudgedAttestation,
  judgeAttestations,
  type NamedAttestation,
} from "./attendance.js";
export { type Cancelled, cancelUnderWay } from "./cancel.js";
export { type DeploymentStep, deployLane, type LanePlan, lanePlan } from "./deploy.js";
export { assertReadyToExecute, executeGroup, readExecuted } from "./execute.js";
export { type ExecutionMember, executionPartsOf, openExecution, sealExecution } from "./execution-file.js";
export { type JournalEntry, sendJournaled } from "./journaled.js";
export { type OpenedPatch, type ProvenGroup, type ProvingOptions, proveGroup } from "./prove.js";
export {
  type ExecutedPatch,
  keepDisclosures,
  type PreparedDisclosure,
  prepareDisclosure,
  type RevealedFile,
  type RevealOptions,
  revealGroup,
  tryReveal,
} from "./reveal.js";
export { type ScheduledStatement, scheduleGroup, trySchedule } from "./schedule.js";
export {
  parseSchedule,
  type ScheduledTarget,
  type ScheduleMember,
  scheduleToJson,
  schedulingOn,
  targetOn,
} from "./schedule-file.js";
export { assertKeysOf } from "./setup.js";
export { commitmentOf } from "./statement.js";
export { type Sender, settleJournal } from "./under-way.js";
