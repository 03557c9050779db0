import { getBytes, type LogDescription } from "ethers";
import { SealpatchError } from "../errors.js";
import type { DisclosureFacts } from "../patch/index.js";
import type { TimelockClient } from "./timelock.js";

/**
 * Everything that the chain says about an executed and disclosed statement.
 * @param statement.commitment C, which names the statement on this timelock.
 * @param statement.currentImplementation address of the implementation that the patch replaced; its code hash is in the
 *   target.
 * @throws SealpatchError `chain/no-event` where the statement has not reached that state.
 * @example
 * ```ts
 * const { currentImplementation } = parseDisclosure(text);
 * const facts = await readDisclosureFacts(timelock, { commitment, currentImplementation });
 * const checks = await verifyDisclosure(text, facts);
 * ```
 */
export async function readDisclosureFacts(
  timelock: TimelockClient,
  {
    commitment,
    currentImplementation,
  }: { readonly commitment: bigint; readonly currentImplementation: string },
): Promise<DisclosureFacts> {
  const [scheduled] = await eventsOf(timelock, "StatementScheduled", [null, commitment]);
  const [executed] = await eventsOf(timelock, "StatementExecuted", [commitment]);
  const publications = await eventsOf(timelock, "StatementDisclosed", [commitment]);
  const [disclosed] = publications;
  const [, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot] = scheduled.args
    .signals as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const { codeDigest, layoutRoot: newLayoutRoot, incidentRoot, callDigest, salt } = disclosed.args.opening;
  const codeAt = async (address: string) => getBytes(await timelock.provider.getCode(address));
  const implementation: string = executed.args.implementation;
  return {
    id: scheduled.args.id,
    signals: { commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot },
    currentCode: await codeAt(currentImplementation),
    executed: { implementation, code: await codeAt(implementation) },
    migrationCaller: await timelock.migrationCaller(executed.args.proxy),
    disclosed: {
      opening: { codeDigest, layoutRoot: newLayoutRoot, incidentRoot, callDigest, salt },
      bundleHashes: publications.map(({ args }) => args.bundleHash as string),
    },
  };
}

/** Events of a statement, the oldest first. */
async function eventsOf(
  timelock: TimelockClient,
  name: string,
  indexed: readonly unknown[],
): Promise<[LogDescription, ...LogDescription[]]> {
  const topics = timelock.interface.encodeFilterTopics(name, indexed);
  const logs = await timelock.provider.getLogs({ address: timelock.address, topics, fromBlock: 0 });
  const [first, ...others] = logs.map((log) => timelock.interface.parseLog(log)!);
  if (first === undefined) {
    throw new SealpatchError("chain/no-event", `the chain has no ${name} of this statement`, {
      details: { event: name },
      remedy: "check the statement's commitment, the timelock's address and the chain",
    });
  }
  return [first, ...others];
}
