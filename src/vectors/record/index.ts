export { type CallToRecord, type ExpectedCall, type RecordOptions, recordVector } from "./record.js";
export { type FoundryTests, recordFoundry } from "./record-foundry.js";
export { recordTransaction, type TransactionToRecord } from "./record-transaction.js";
