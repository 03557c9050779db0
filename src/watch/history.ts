import type { Result } from "ethers";
import { type LogReader, readLog, type TimelockView } from "../chain/index.js";
import { SealpatchError } from "../errors.js";

/** An event of a timelock, decoded. */
export interface TimelockLog {
  readonly name: string;
  readonly args: Result;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** Of the log in its block. */
  readonly index: number;
  /** Hash of the transaction. */
  readonly transaction: string;
}

/**
 * Every event of a timelock from a block on to another, both included, the oldest first.
 * @param logs adapts its ranges to what the node takes.
 * @throws SealpatchError as `LogReader` does.
 */
export async function historyOf(
  { address, interface: abi }: TimelockView,
  logs: LogReader,
  { fromBlock, toBlock }: { readonly fromBlock: number; readonly toBlock: number },
): Promise<TimelockLog[]> {
  const found = await logs.read({ address, topics: [] }, fromBlock, toBlock);
  return found.flatMap((log) => {
    const event = readLog(abi, log);
    if (event === null) return [];
    const { blockNumber, blockHash, index, transactionHash: transaction } = log;
    return [{ name: event.name, args: event.args, blockNumber, blockHash, index, transaction }];
  });
}

/** `chain/missing-logs`. @param why how it shows. */
export function missingLogs(why: string): SealpatchError {
  return new SealpatchError("chain/missing-logs", "the node does not have all logs of the timelock", {
    why,
    remedy: "ask another node, or begin at the block where the timelock was deployed",
  });
}
