import { getAddress, type Interface, type Log, type LogDescription, ZeroAddress } from "ethers";
import { SealpatchError } from "../errors.js";
import type { AttestStatement } from "../patch/index.js";
import { readLog } from "./decoded.js";
import { noEvent } from "./errors.js";
import { isBefore, type LogPlace, type LogReader } from "./logs.js";
import { PROXY_KINDS, type ProxyKind } from "./types.js";

/** Where the signals of an execution have the root of the new layout (protocol.md section 8). */
const LAYOUT_SIGNAL = 3;

/** A log of the timelock, decoded. */
export interface TimelockEvent extends LogPlace {
  readonly event: LogDescription;
  /** Hash of the transaction. */
  readonly transaction: string;
}

/** Where the logs of a timelock are read. */
export interface TimelockLogs {
  readonly address: string;
  readonly interface: Interface;
  readonly logs: LogReader;
}

/** Events of the timelock by name and indexed values, in blocks that are both included, the oldest first. */
export async function eventsOf(
  { address, interface: abi, logs }: TimelockLogs,
  names: readonly string[],
  indexed: readonly unknown[],
  { fromBlock, toBlock }: { readonly fromBlock: number; readonly toBlock: number },
): Promise<TimelockEvent[]> {
  const kinds = names.map((name) => abi.encodeFilterTopics(name, indexed));
  // Alternatives are of the first topic; the events of one request have the same places indexed.
  const topics = [kinds.map(([kind]) => String(kind)), ...kinds[0]!.slice(1)];
  const found: Log[] = await logs.read({ address, topics }, fromBlock, toBlock);
  return found.map((log) => ({
    event: readLog(abi, log)!,
    transaction: log.transactionHash,
    blockNumber: log.blockNumber,
    index: log.index,
  }));
}

/** What governance had registered of a proxy, as a statement of it has to say it. */
export type GroundPolicy = Omit<AttestStatement, "commitment" | "targetsRoot">;

/** What a statement stood on: the policy of its proxy, and what the proxy ran before it. */
export interface Ground {
  readonly policy: GroundPolicy;
  readonly kind: ProxyKind;
  /** ProxyAdmin of the transparent kinds, else the zero address. */
  readonly admin: string;
  readonly replaced: { readonly implementation: string; readonly codehash: string };
}

/** Where a statement was scheduled or executed, as the logs tell of it. */
export interface GroundPlace extends LogPlace {
  readonly proxy: string;
  /** Nonce of the proxy, under which its statement was scheduled. */
  readonly nonce: bigint;
}

/**
 * Policy and baseline as they were when a statement was scheduled or executed, whatever governance did since: the policy by the calldata
 * of the slow path's call that set it last, the baseline by the last event that stated one. No state of an old block is needed.
 *
 * Every step of a proxy's nonce has its event, so that a log that a node leaves out is noticed.
 * @param fromBlock where the timelock's logs begin.
 * @throws SealpatchError `chain/no-event`, `chain/missing-logs`, and as `LogReader` does.
 */
export async function groundOf(
  timelock: TimelockLogs,
  place: GroundPlace,
  fromBlock: number,
): Promise<Ground> {
  const { proxy, nonce } = place;
  const older = (events: TimelockEvent[]) => events.filter((event) => isBefore(event, place));
  const range = { fromBlock, toBlock: place.blockNumber };
  const rules = ["PolicySet", "PolicyRemoved", "BaselineSet"];
  const governed = older(await eventsOf(timelock, rules, [proxy], range));
  const policy = governed.findLast(({ event }) => event.name === "PolicySet");
  if (policy === undefined) throw noEvent("PolicySet", "the chain");
  const since = { fromBlock: policy.blockNumber, toBlock: place.blockNumber };
  const executed = older(await eventsOf(timelock, ["StatementExecuted"], [null, proxy], since));

  const steps = [...governed, ...executed]
    .filter((event) => isBefore(policy, event))
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  const reached = BigInt(policy.event.args.nonce) + BigInt(steps.length);
  if (reached !== nonce) {
    throw new SealpatchError("chain/missing-logs", "the node does not have all logs of the timelock", {
      details: { proxy, nonce, reached },
      why: `the logs lead to the nonce ${reached} of the proxy, and the statement was made under ${nonce}`,
      remedy: "ask another node, or begin at the block where the timelock was deployed",
    });
  }
  const baseline = steps.findLast(({ event }) => event.name !== "PolicyRemoved");
  if (baseline === undefined) throw noEvent("BaselineSet", "the chain");
  const { implementation, codehash, signals, layoutRoot = signals[LAYOUT_SIGNAL] } = baseline.event.args;
  const { kind, admin, ...roots } = await policySetBy(timelock, policy, proxy);
  return { kind, admin, policy: { ...roots, layoutRoot }, replaced: { implementation, codehash } };
}

/** The policy that an event `PolicySet` tells of, by the slow path's calldata: the event does not have it. */
async function policySetBy(
  timelock: TimelockLogs,
  set: TimelockEvent,
  proxy: string,
): Promise<Pick<Ground, "kind" | "admin"> & Omit<GroundPolicy, "layoutRoot">> {
  const range = { fromBlock: set.blockNumber, toBlock: set.blockNumber };
  // The timelock logs a call of the slow path directly after it: the call that set the policy is the next one.
  const calls = await eventsOf(timelock, ["CallExecuted"], [], range);
  const call = calls.find((later) => later.transaction === set.transaction && isBefore(set, later));
  const { target, data } = call?.event.args ?? { target: ZeroAddress, data: "0x" };
  const parsed =
    getAddress(target) === getAddress(timelock.address)
      ? timelock.interface.parseTransaction({ data })
      : null;
  if (parsed?.name !== "setPolicy" || getAddress(parsed.args.proxy) !== getAddress(proxy))
    throw noEvent("CallExecuted", "the chain");
  const { kind, admin, auditorRoot, threshold, vectorRoot, maxWaivers } = parsed.args.policy;
  return { kind: PROXY_KINDS[Number(kind)]!, admin, auditorRoot, threshold, vectorRoot, maxWaivers };
}
