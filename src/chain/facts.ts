import { getBytes, type LogDescription } from "ethers";
import { SealpatchError } from "../errors.js";
import type { DisclosureFacts } from "../patch/index.js";
import type { TimelockClient } from "./timelock.js";

/**
 * Everything that the chain says about an executed and disclosed statement.
 * @param currentImplementation address of the implementation that the patch replaced; its code hash is in the target.
 * @throws SealpatchError `chain/no-event` where the statement has not come that far.
 */
export async function readDisclosureFacts(
  timelock: TimelockClient,
  id: string,
  currentImplementation: string,
): Promise<DisclosureFacts> {
  const scheduled = await eventOf(timelock, "StatementScheduled", id);
  const executed = await eventOf(timelock, "StatementExecuted", id);
  const disclosed = await eventOf(timelock, "StatementDisclosed", id);
  const [commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot] = scheduled.args
    .signals as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const { codeDigest, layoutRoot: newLayoutRoot, incidentRoot, callDigest, salt } = disclosed.args.opening;
  const codeAt = async (address: string) => getBytes(await timelock.provider.getCode(address));
  const implementation: string = executed.args.implementation;
  return {
    id,
    signals: { commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot },
    currentCode: await codeAt(currentImplementation),
    executed: { implementation, code: await codeAt(implementation) },
    disclosed: {
      opening: { codeDigest, layoutRoot: newLayoutRoot, incidentRoot, callDigest, salt },
      bundleHash: disclosed.args.bundleHash,
    },
  };
}

async function eventOf(timelock: TimelockClient, name: string, id: string): Promise<LogDescription> {
  const topics = timelock.interface.encodeFilterTopics(name, [id]);
  const [log] = await timelock.provider.getLogs({ address: timelock.address, topics, fromBlock: 0 });
  const event = log === undefined ? null : timelock.interface.parseLog(log);
  if (event === null) {
    throw new SealpatchError("chain/no-event", `the chain has no ${name} of this statement`, {
      details: { id, event: name },
      remedy: "check the statement's id, the timelock's address and the chain",
    });
  }
  return event;
}
