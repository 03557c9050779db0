import { getAddress } from "ethers";
import { asked, LogReader, nodeChainId, readLog, type TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { type Disclosure, targetLeaf } from "../patch/index.js";

/**
 * The commitment of the executed statement that a disclosure is about, by the targets that it names.
 * @param options.fromBlock where the timelock was deployed; the first block unless given.
 * @throws SealpatchError `verify/no-such-statement` where no statement of a target was executed, and as `LogReader`.
 * @example
 * ```ts
 * const commitment = await disclosedCommitment(timelock, parseDisclosure(text));
 * const checks = await verifyDisclosure(text, await readDisclosureFacts(timelock, { commitment }));
 * ```
 */
export async function disclosedCommitment(
  timelock: TimelockClient,
  { targets }: Pick<Disclosure, "targets">,
  options: { readonly fromBlock?: number } = {},
): Promise<bigint> {
  const { fromBlock = 0 } = options;
  const { provider, address, interface: abi } = timelock;
  const chainId = await nodeChainId(provider);
  const own = targets.filter(
    (target) => target.chainId === chainId && getAddress(target.timelock) === getAddress(address),
  );
  const last = await asked("reading the newest block", () => provider.getBlockNumber());
  const logs = new LogReader(provider);
  for (const target of own) {
    const topics = abi.encodeFilterTopics("StatementScheduled", [null, null, target.proxy]);
    for (const log of await logs.read({ address, topics }, fromBlock, last)) {
      const { commitment, leaf } = readLog(abi, log)!.args;
      if (leaf !== targetLeaf(target)) continue;
      // Several may have been scheduled for one target, and one was executed.
      if (["executed", "disclosed"].includes(await timelock.state(commitment))) return commitment;
    }
  }
  throw new SealpatchError(
    "verify/no-such-statement",
    "the timelock has executed no statement of this disclosure",
    {
      details: { timelock: address, chainId, targets: own.length },
      why:
        own.length === 0
          ? "the file names no target of this timelock on this chain"
          : "no statement of its target was executed",
      remedy: "check chain and timelock; or name the statement that the file is to be compared with",
    },
  );
}
