import type { ErrorEntry } from "./entry.js";

/** Vectors: making them of transactions, calls and tests. */
export const RECORDING_ERRORS = {
  "vectors/beacon-unclear": {
    meaning: "The slot in which a beacon keeps its implementation cannot be found.",
    remedy: "Give the account and slot that hold the implementation's address as the pointer.",
  },
  "vectors/block-unknown": {
    meaning: "The node does not have the block.",
    remedy: "Check the block number, the chain, and whether the node is synchronised.",
  },
  "vectors/differs-from-chain": {
    meaning: "The transaction, run here, does not do what it did on the chain.",
    remedy: "Check the hardfork; what depends on gas, fees or a chain's own precompiles cannot be recorded.",
  },
  "vectors/differs-from-node": {
    meaning: "The call, run here, does not do what the node's eth_call does at the same block.",
    remedy:
      "Check the hardfork and the node; what depends on gas, fees or a chain's own precompiles cannot be recorded.",
  },
  "vectors/differs-from-test": {
    meaning: "A call of a test, run here, does not do what it did in the test.",
    remedy: "Record calls that depend neither on gas, nor on earlier transient storage, nor on cheat codes.",
  },
  "vectors/forge-failed": {
    meaning: "Forge could not run the tests, or its output does not have the expected form.",
    remedy: "Make the project's tests run with forge of Foundry 1.x first.",
  },
  "vectors/forge-missing": {
    meaning: "Forge or the project's folder was not found.",
    remedy: "Install Foundry or give the path of forge; check the project's folder.",
  },
  "vectors/hardfork-unsupported": {
    meaning: "The block or the project follows rules that vectors cannot run under.",
    remedy: "Record from a block after the Merge, or set a supported EVM version.",
  },
  "vectors/no-code-under-test": {
    meaning: "The subject has no code, or its pointer leads to an account without code.",
    remedy: "Check the subject, or give the slot that holds the implementation's address.",
  },
  "vectors/no-recorded-call": {
    meaning: "No test matches, or none calls a contract through `recorded(...)`.",
    remedy: "Let the test inherit RecordedCalls and call the contract through `recorded(...)`.",
  },
  "vectors/node-answer": {
    meaning: "A node's answer does not have the form of Ethereum's JSON-RPC.",
    remedy: "Check the block number, and that the node serves an Ethereum chain.",
  },
  "vectors/node-refuses": {
    meaning: "A node refuses a request.",
    remedy: "Check the access key; use an archive node for an old block.",
  },
  "vectors/node-timeout": {
    meaning: "A node does not answer within the time limit.",
    remedy: "Try again, or use a node that is nearer or less busy.",
  },
  "vectors/node-unreachable": {
    meaning: "No node answers at the URL, or it does not answer with JSON.",
    remedy: "Check the node's URL, and that it speaks JSON-RPC over HTTP.",
  },
  "vectors/node-url": {
    meaning: "The node's URL is not an HTTP address.",
    remedy: "Give a URL that starts with http:// or https://.",
  },
  "vectors/not-reproducible": {
    meaning: "The recorded vector behaves differently without the node.",
    remedy: "Record calls that reach the code under test through the subject only.",
  },
  "vectors/rules-contradicted": {
    meaning:
      "The node's EVM, its configuration and its chain's schedule do not agree about the rules of the block.",
    remedy: "Name the hardfork whose rules the chain had at that block, or use another node.",
  },
  "vectors/rules-unknown": {
    meaning: "Neither the node nor a known chain's schedule says under which rules the block is.",
    remedy: "Name the hardfork whose rules the chain had at that block.",
  },
  "vectors/state-not-recorded": {
    meaning: "A call needs state that its test did not record.",
    remedy: "Record such a call from a chain, for example from anvil.",
  },
  "vectors/step-limit": {
    meaning: "The recorded calls execute more instructions than the step limit.",
    remedy: "Raise the step limit, or record fewer calls.",
  },
  "vectors/subject-missing": {
    meaning: "The transaction creates a contract, so the contract to judge is unknown.",
    remedy: "Give the address of the contract to judge as the subject.",
  },
  "vectors/subject-not-reached": {
    meaning: "The calls never reach the code under test.",
    remedy: "Check the subject, and that the calls do not fail before they reach it.",
  },
  "vectors/test-fails": {
    meaning: "A test fails while it is recorded.",
    remedy: "Make the test pass; recording uses cheat codes for pranks and state diffs.",
  },
  "vectors/trace-contradicted": {
    meaning: "The node's trace of a call names other values than the node itself.",
    remedy: "Use another node, or ask this one for single values only.",
  },
  "vectors/tracing-needed": {
    meaning: "Other transactions precede this one in its block, and the node gives no traces.",
    remedy: "Use a node with debug_traceTransaction and debug_traceBlockByHash.",
  },
  "vectors/transaction-pending": {
    meaning: "The transaction is not in a block yet.",
    remedy: "Wait until it is mined, or record it as a call.",
  },
  "vectors/transaction-unknown": {
    meaning: "The node does not know the transaction.",
    remedy: "Check the hash and the chain; use an archive node for an old transaction.",
  },
  "vectors/transaction-unsupported": {
    meaning: "A transaction of this type does more than its call, which a vector cannot hold.",
    remedy: "Record its call, on a state in which the rest has happened.",
  },
  "vectors/unexpected-outcome": {
    meaning: "The recorded calls do not have the outcome that was asked for.",
    remedy: "Correct the calls, the state they start from, or the expectation.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
