import type { ErrorEntry } from "./entry.js";

/** The timelock, Safes, proxies and the node behind them. */
export const CHAIN_ERRORS = {
  "chain/failed": {
    meaning: "A transaction was mined with status 0, or its receipt is missing.",
    remedy:
      "Look the transaction's hash up on the chain, then read the state of the lane and of the statement.",
  },
  "chain/no-event": {
    meaning: "The timelock has not logged the scheduling, execution or disclosure of this statement.",
    remedy:
      "Check the statement's id, the timelock's address and the chain; the statement may not be that far.",
  },
  "chain/not-a-safe": {
    meaning: "The account does not answer as a Safe does.",
    remedy: "Check the Safe's address and the chain.",
  },
  "chain/not-an-owner": {
    meaning: "A signer is not an owner of the Safe.",
    remedy: "Sign with owners only.",
  },
  "chain/other-admin": {
    meaning: "The proxy's admin slot holds another address than its policy names.",
    remedy: "Register a policy with the proxy's kind and its real admin.",
  },
  "chain/other-implementation": {
    meaning: "The proxy's implementation slot holds another address than its baseline names.",
    remedy: "Find out who can upgrade the proxy, then register the baseline again.",
  },
  "chain/public-mempool": {
    meaning: "An execution was about to be sent through the public mempool of a chain that is not local.",
    remedy: "Give a signer whose provider is a private relay.",
  },
  "chain/reverted": {
    meaning: "The contract refused a call; the details hold its error and the error's values.",
    remedy: "Read the state of the lane and of the statement; the contract's error names the rule.",
  },
  "chain/too-few-owners": {
    meaning: "Fewer owners sign than the Safe's threshold.",
    remedy: "Collect signatures of more owners.",
  },
  "chain/unknown-contract": {
    meaning: "The build has no artifact of this contract.",
    remedy: "Check the contract's name; build the package again if it is one of its own.",
  },
  "chain/unreachable": {
    meaning: "The node did not answer a request.",
    remedy: "Check the node's URL and the network.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
