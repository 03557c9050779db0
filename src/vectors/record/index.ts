export { blockDiffsSchema, PRESTATE_DIFF_TRACER, PRESTATE_TRACER, prestateSchema } from "./prestate.js";
export type { CallToRecord, ExpectedCall } from "./record.js";
export { type RecordOptions, recordVector } from "./record-call.js";
export { type FoundryTests, recordFoundry } from "./record-foundry.js";
export { recordTransaction, type TransactionToRecord } from "./record-transaction.js";
