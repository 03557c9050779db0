import type { ErrorEntry } from "./entry.js";

/** The timelock, Safes, proxies and the node behind them. */
export const CHAIN_ERRORS = {
  "chain/deep-reorganisation": {
    meaning:
      "The blocks to which a watch remembers the chain are all gone: it cannot say which of the events that it gave were taken back.",
    remedy: "Read the state of the lane, then begin with a new cursor.",
  },
  "chain/duration-out-of-range": {
    meaning: "A duration of a policy is not a whole number of seconds between 1 and 2^32 - 1.",
    remedy: "Give whole seconds.",
  },
  "chain/failed": {
    meaning: "A transaction was mined with status 0, or its receipt is missing.",
    remedy:
      "Look the transaction's hash up on the chain, then read the state of the lane and of the statement.",
  },
  "chain/fee-above-cap": {
    meaning: "Gas costs more than a transaction may pay; it was not signed.",
    remedy: "Wait until gas is cheaper, or allow a higher fee.",
  },
  "chain/malformed-answer": {
    meaning:
      "A node answers with something that is no answer to what was asked: other JSON, none, or of another place.",
    remedy: "Ask another node, and check the RPC URL.",
  },
  "chain/malformed-check": {
    meaning: "A safety check is not one that the timelock takes; the error says why.",
    remedy: "Correct the check.",
  },
  "chain/malformed-relay": {
    meaning:
      "A relay's URL is not one of https (or of http on this machine), its kind is none that there is, or its number of blocks is out of range.",
    remedy: "Correct what the error names.",
  },
  "chain/missing-logs": {
    meaning:
      "The node left out logs of the timelock: those that it gave do not lead to what the contract says now, or said when a statement was made.",
    remedy: "Ask another node, or begin at the block where the timelock was deployed.",
  },
  "chain/moving-head": {
    meaning: "The newest block was replaced while the lane was read, several times over.",
    remedy: "Run it again, or ask another node.",
  },
  "chain/no-block": {
    meaning: "The node answers that it has no newest block.",
    remedy: "Wait until it has loaded its chain, or ask another node.",
  },
  "chain/no-contract": {
    meaning: "The account does not answer as a FastTrackTimelock does.",
    remedy: "Check the address of the timelock, and that the node is on its chain.",
  },
  "chain/no-event": {
    meaning:
      "The timelock has not logged the scheduling, execution or disclosure of this statement, or what its proxy's policy or baseline was.",
    remedy:
      "Check the statement's commitment, the timelock's address and the chain; the statement may not be that far.",
  },
  "chain/nodes-disagree": {
    meaning:
      "Two nodes give different answers to the same question about the same block: one of them is wrong.",
    remedy: "Believe neither before a third one was asked.",
  },
  "chain/not-a-safe": {
    meaning: "The account does not answer as a Safe does.",
    remedy: "Check the Safe's address and the chain.",
  },
  "chain/not-an-owner": {
    meaning: "A signer is not an owner of the Safe.",
    remedy: "Sign with owners only.",
  },
  "chain/not-checked": {
    meaning:
      "An execution is mined, and what the proxy runs since could not be read: the node did not answer, or a later upgrade of the same block hides it.",
    remedy: "Read the proxy's implementation slot from another node; do not execute again.",
  },
  "chain/not-included": {
    meaning:
      "A relay offered a transaction up to its last block, and no block took it. Relay and builders have seen all that it shows, of an execution the patch, and it may still be mined.",
    remedy:
      "Send the same again, which takes the same nonce, so that at most one of them is mined; or use up the nonce by an empty transaction.",
  },
  "chain/not-installed": {
    meaning:
      "An execution was mined, and the proxy's implementation slot holds another address than it installed.",
    remedy: "Halt the lane, and look at the transaction's trace: the migration may have upgraded again.",
  },
  "chain/not-mined": {
    meaning:
      "A transaction was sent and not mined in time. The relay may have dropped it; it may also still be mined.",
    remedy:
      "Send the same again, which takes the same nonce, so that at most one of them is mined; or use up the nonce by an empty transaction.",
  },
  "chain/other-admin": {
    meaning: "The proxy's admin slot holds another address than its policy names.",
    remedy: "Register a policy with the proxy's kind and its real admin.",
  },
  "chain/other-chain": {
    meaning: "The node serves another chain than the one that is meant.",
    remedy: "Give a node of that chain, or correct the chain's id.",
  },
  "chain/other-code-digest": {
    meaning: "The baseline of a proxy has another code digest than the code that its implementation has.",
    remedy: "Set the baseline again with the digest of the deployed code.",
  },
  "chain/other-implementation": {
    meaning: "The proxy's implementation slot holds another address than its baseline names.",
    remedy: "Find out who can upgrade the proxy, then register the baseline again.",
  },
  "chain/other-policy": {
    meaning: "The policy that was given is not the one that governance registered for the proxy.",
    remedy:
      "Take the policy file of the proxy as it was registered, or have this one registered by the slow path.",
  },
  "chain/other-target": {
    meaning: "A target is not what the chain says of its proxy at present, or its time has passed.",
    remedy: "Have the patch sealed again, for the target as it is now.",
  },
  "chain/other-timelock": {
    meaning: "The target is for another timelock, or for another chain.",
    remedy: "Take the target of this timelock on this chain.",
  },
  "chain/other-verifier": {
    meaning: "The contract at a verifier's address, or one behind it, is not what belongs to the keys.",
    remedy: "Deploy the verifier of these keys, or take the release and the keys that it was made of.",
  },
  "chain/policy-not-built": {
    meaning:
      "A policy that is to be set was not made by lanePolicy, so nobody compared it with its auditors and vectors.",
    remedy: "Make it with lanePolicy, of the policy's file and the lane's terms, and give it as it is.",
  },
  "chain/public-mempool": {
    meaning:
      "A transaction was about to be sent on a chain that is not local, and nobody chose whether the public may see it before it is mined.",
    remedy:
      "Give `relay`, a sender whose endpoint is a private relay or the sequencer's own. `public: true` shows everybody what is sent: of an execution the patch, before it is installed.",
  },
  "chain/rejected": {
    meaning:
      "A node or relay did not take a call or a transaction; what it answered is in the details, as far as it can be shown.",
    remedy: "Read what it says. A transaction that a relay has seen may still be mined.",
  },
  "chain/relay-lies": {
    meaning:
      "A relay answered with the hash of another transaction than the one that it was given. It has seen that one all the same, and it may still be mined.",
    remedy:
      "Take another relay. The next attempt takes the same nonce, so that at most one of the two is mined.",
  },
  "chain/replaced": {
    meaning:
      "Another transaction of the same account was mined with the nonce of one that was sent; the details name it.",
    remedy: "Find out who else sends from the account; send again where it is still needed.",
  },
  "chain/reverted": {
    meaning: "The contract refused a call; the details hold its error and the error's values.",
    remedy: "Read the state of the lane and of the statement; the contract's error names the rule.",
  },
  "chain/too-few-owners": {
    meaning: "Fewer owners sign than the Safe's threshold.",
    remedy: "Collect signatures of more owners.",
  },
  "chain/too-many-checks": {
    meaning: "A policy has more safety checks than the timelock takes.",
    remedy: "Leave out checks that others cover.",
  },
  "chain/too-much-gas": {
    meaning: "A transaction takes more gas than any may have (EIP-7825); it was not sent.",
    remedy:
      "Deploy implementations beforehand and execute with their addresses, or execute fewer statements at a time.",
  },
  "chain/unknown-chain": {
    meaning: "The node cannot be asked which chain it is on, or does not say.",
    remedy: "Give a signer or provider of JSON-RPC that is connected to a node.",
  },
  "chain/unknown-contract": {
    meaning: "The build has no artifact of this contract.",
    remedy: "Check the contract's name; build the package again if it is one of its own.",
  },
  "chain/unreachable": {
    meaning: "The node did not answer a request.",
    remedy: "Check the node's URL and the network.",
  },
  "chain/unsupported-method": {
    meaning: "The node does not offer a method of JSON-RPC that is needed. The contract was not asked.",
    remedy: "Use a node that does. Where a relay cannot estimate gas, give the gas of the transaction.",
  },
  "chain/wrong-admin": {
    meaning:
      "The admin does not fit the kind of proxy: transparent proxies have a ProxyAdmin, which also calls their migrations, the others have none.",
    remedy: "Name the ProxyAdmin of a transparent proxy, and none for the other kinds.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
