import { dataSlice, type Interface } from "ethers";
import type { AttestStatement } from "../patch/index.js";
import { type Groth16Proof, inSnarkjsForm, type SolidityProof } from "../proof/prover/index.js";
import { noEvent, rebuiltError } from "./errors.js";
import { eventsOf, type Ground, groundOf, type TimelockEvent } from "./ground.js";
import { LogReader } from "./logs.js";
import { asked } from "./node.js";
import type { TimelockView } from "./timelock.js";

/** What the chain says of a statement since it was scheduled. */
export interface ScheduledFacts {
  /** As the event names it: 32 bytes as hex. */
  readonly id: string;
  readonly proxy: string;
  /** Leaf of its target, and the members of the target that the event has. */
  readonly leaf: string;
  readonly nonce: bigint;
  readonly validUntil: bigint;
  readonly group: string;
  /** Public signals of the attest proof, as the contract computed them. */
  readonly signals: AttestStatement;
  /** Seconds since the epoch, both included. */
  readonly eta: bigint;
  readonly deadline: bigint;
  readonly block: number;
  /** Hash of the transaction. */
  readonly transaction: string;
  /** Policy and baseline of its proxy at that place of the chain. */
  readonly ground: Ground;
  /** Proofs for this commitment that stand in the transaction's calldata, however deep; none where it does not show them. */
  readonly proofs: readonly Groth16Proof[];
  /** Its execution; undefined where the chain has none. */
  readonly executed: { readonly block: number; readonly codehash: string } | undefined;
}

/**
 * What the chain says of a scheduled statement, with the policy as it was then: what governance did since changes nothing. No state of an
 * old block is needed.
 * @param statement.commitment C.
 * @param statement.fromBlock where the timelock was deployed; the first block unless given. It saves requests.
 * @throws SealpatchError `chain/no-event` where it was never scheduled, `chain/missing-logs`, and as `asked` does.
 * @example
 * ```ts
 * const { ground, signals } = await readScheduledFacts(timelock, { commitment });
 * console.log(ground.policy.auditorRoot === signals.auditorRoot);
 * ```
 */
export async function readScheduledFacts(
  timelock: TimelockView,
  statement: { readonly commitment: bigint; readonly fromBlock?: number },
): Promise<ScheduledFacts> {
  return readFacts(timelock, statement).catch((error: unknown) => {
    throw rebuiltError(error, "reading the statement");
  });
}

async function readFacts(
  { provider, address, interface: abi }: TimelockView,
  { commitment, fromBlock = 0 }: { readonly commitment: bigint; readonly fromBlock?: number },
): Promise<ScheduledFacts> {
  const head = await asked("reading the newest block", () => provider.getBlockNumber());
  const chain = { address, interface: abi, logs: new LogReader(provider) };
  const range = { fromBlock, toBlock: head };
  const [scheduled] = await eventsOf(chain, ["StatementScheduled"], [null, commitment], range);
  if (scheduled === undefined) throw noEvent("StatementScheduled", "the chain");
  const { blockNumber, index, transaction } = scheduled;
  const { id, proxy, leaf, nonce, validUntil, group, eta, deadline } = scheduled.event.args;
  const since = { fromBlock: blockNumber, toBlock: head };
  const [executed] = await eventsOf(chain, ["StatementExecuted"], [commitment], since);
  const sent = await asked("reading the transaction", () => provider.getTransaction(transaction));
  return {
    ...{ id, proxy, leaf, nonce, validUntil, group, eta, deadline, block: blockNumber, transaction },
    signals: scheduledSignals(scheduled),
    ground: await groundOf(chain, { proxy, nonce, blockNumber, index }, fromBlock),
    proofs: sent === null ? [] : proofsIn(sent.data, abi, commitment),
    executed: executed && { block: executed.blockNumber, codehash: executed.event.args.codehash },
  };
}

/** The public signals that an event `StatementScheduled` has. */
export function scheduledSignals({ event }: TimelockEvent): AttestStatement {
  const [commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot] = event.args
    .signals as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  return { commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot };
}

/**
 * Proofs in calls of `schedule` for a commitment, wherever in some calldata such a call begins: a Safe, a batch or a relay passes it on
 * as bytes. Whether a proof verifies is what tells them apart.
 */
function proofsIn(data: string, abi: Interface, commitment: bigint): Groth16Proof[] {
  // TimelockController has a function of that name, too.
  const schedule = abi.fragments.find(
    (fragment) => fragment.type === "function" && fragment.format().startsWith("schedule((uint256"),
  )!;
  const selector = abi.getFunction(schedule.format())!.selector.slice(2);
  const found: Groth16Proof[] = [];
  for (let at = data.indexOf(selector, 2); at !== -1; at = data.indexOf(selector, at + 1)) {
    if (at % 2 !== 0) continue;
    try {
      const [request, , proof] = abi.decodeFunctionData(schedule.format(), dataSlice(data, at / 2 - 1));
      if (request.commitment !== commitment) continue;
      found.push(inSnarkjsForm(proof as SolidityProof));
    } catch {
      // Bytes that look like such a call, and are none.
    }
  }
  return found;
}
