import { asked, LogReader, type TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { FIELD_ORDER } from "../field/index.js";

/**
 * The commitment that somebody names: by itself, or by the id that the timelock's events have.
 * @param id commitment or id, as a number.
 * @param fromBlock where the timelock's logs begin.
 * @throws SealpatchError `lane/no-such-statement`, and as `LogReader` does.
 * @example
 * ```ts
 * const commitment = await commitmentOf(timelock, 0x1f2en, { fromBlock });
 * await timelock.veto({ commitment, reason: "an incident of ours" });
 * ```
 */
export async function commitmentOf(
  timelock: TimelockClient,
  id: bigint,
  { fromBlock }: { readonly fromBlock: number },
): Promise<bigint> {
  if (id > 0n && id < FIELD_ORDER && (await timelock.state(id)) !== "none") return id;
  const { interface: abi, provider, address } = timelock;
  const topic = `0x${id.toString(16).padStart(64, "0")}`;
  const topics = [abi.getEvent("StatementScheduled")!.topicHash, topic];
  const last = await asked("reading the newest block", () => provider.getBlockNumber());
  const [log] = await new LogReader(provider).read({ address, topics }, fromBlock, last);
  if (log !== undefined) return BigInt(log.topics[2]!);
  throw new SealpatchError("lane/no-such-statement", "the timelock has no such statement", {
    details: { id: topic, timelock: address },
    why: "it is neither the commitment nor the id of one that was scheduled",
    remedy: "take it from the event of the scheduling, and check the chain",
  });
}
