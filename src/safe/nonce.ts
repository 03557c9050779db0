import { getAddress, Interface, type Log, type Provider } from "ethers";
import { asked, LogReader } from "../chain/index.js";
import { readOf, SAFE } from "./account.js";
import { actionOf, type SafeAction } from "./action.js";
import type { SafeRequest } from "./form.js";
import { type SafeTransaction, safeHashes } from "./transaction.js";

/** Of 1.3.0 and of later releases: the hash is indexed since. */
const EVENTS = [
  new Interface([
    "event ExecutionSuccess(bytes32 txHash, uint256 payment)",
    "event ExecutionFailure(bytes32 txHash, uint256 payment)",
  ]),
  new Interface([
    "event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)",
    "event ExecutionFailure(bytes32 indexed txHash, uint256 payment)",
  ]),
] as const;

/** The transaction that used a nonce of a Safe. */
export interface NonceUse {
  /** Hash of the chain's transaction. */
  readonly transaction: string;
  readonly block: number;
  readonly safeTxHash: string;
  /** Whether it is the one that was to be executed. */
  readonly isOwn: boolean;
  /** Whether the call that it made failed: the nonce is used all the same. Only with other fields than those of calls made here. */
  readonly hasFailed: boolean;
  /** What it did, where the chain's transaction shows it and it is one of those that are made here. */
  readonly action: SafeAction | undefined;
}

/**
 * The transaction by which a Safe used a nonce: each execution takes one, so it is counted back from the newest.
 * @returns undefined where the nonce is not used, or the node has not all logs of the Safe.
 * @throws SealpatchError as `readOf` and `LogReader` do.
 */
export async function nonceUse(provider: Provider, request: SafeRequest): Promise<NonceUse | undefined> {
  const { safe, transaction } = request;
  const [success, failure] = ["ExecutionSuccess", "ExecutionFailure"].map(
    (name) => EVENTS[0].getEvent(name)!.topicHash,
  );
  const topics = [[success!, failure!]];
  const logs = new LogReader(provider);
  const head = await asked("reading the newest block", () => provider.getBlockNumber());
  // At the same block as the logs: more may be executed meanwhile.
  const nonce = await readOf<bigint>(provider, safe, "nonce", { blockTag: head });
  const back = nonce - transaction.nonce;
  if (back <= 0n) return undefined;
  const found = [];
  // Backwards, in ranges that grow: what is looked for is new in most cases.
  for (let to = head, size = 1024; to >= 0 && BigInt(found.length) < back; size *= 4) {
    const from = Math.max(0, to - size + 1);
    found.unshift(...(await logs.read({ address: safe, topics }, from, to)));
    to = from - 1;
  }
  const own = safeHashes(request, transaction).safeTxHash;
  // Its own hash has the nonce in it; of executions within another one the inner is logged first.
  const log = found.find((one) => hashIn(one) === own) ?? found.at(-Number(back));
  if (log === undefined) return undefined;
  const safeTxHash = hashIn(log);
  const sent = await asked("reading a transaction", () => provider.getTransaction(log.transactionHash));
  const executed = sent === null ? undefined : executedBy(sent.data, transaction.nonce);
  // Only what hashes to what the Safe said was executed.
  const isShown = executed !== undefined && safeHashes(request, executed).safeTxHash === safeTxHash;
  return {
    transaction: log.transactionHash,
    block: log.blockNumber,
    safeTxHash,
    isOwn: safeTxHash === own,
    hasFailed: log.topics[0] === failure,
    action: isShown ? await actionOf(request, executed) : undefined,
  };
}

/** Whether a chain's transaction executed a Safe's, and its call succeeded. @param logs of its receipt. */
export function isExecutedIn(logs: readonly Log[], request: SafeRequest): boolean {
  const success = EVENTS[0].getEvent("ExecutionSuccess")!.topicHash;
  const own = safeHashes(request, request.transaction).safeTxHash;
  return logs.some(
    (log) =>
      getAddress(log.address) === getAddress(request.safe) &&
      log.topics[0] === success &&
      hashIn(log) === own,
  );
}

/** The hash of the transaction that a Safe logs as executed. */
function hashIn(log: Log): string {
  return EVENTS[log.topics.length > 1 ? 1 : 0].parseLog(log)!.args.txHash;
}

/** The Safe's transaction that calldata of `execTransaction` holds. */
function executedBy(data: string, nonce: bigint): SafeTransaction | undefined {
  try {
    const call = SAFE.parseTransaction({ data });
    if (call?.name !== "execTransaction") return undefined;
    const {
      to,
      value,
      data: inner,
      operation,
      safeTxGas,
      baseGas,
      gasPrice,
      gasToken,
      refundReceiver,
    } = call.args;
    return {
      ...{ to, value, data: inner, operation: Number(operation), safeTxGas, baseGas, gasPrice },
      ...{ gasToken, refundReceiver, nonce },
    };
  } catch {
    return undefined;
  }
}
