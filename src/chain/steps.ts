import { SealpatchError } from "../errors.js";
import { noEvent, rebuiltError } from "./errors.js";
import type { StatementPlace } from "./facts.js";
import { eventsOf, type TimelockEvent } from "./ground.js";
import { LogReader } from "./logs.js";
import { asked } from "./node.js";
import type { TimelockClient, TimelockView } from "./timelock.js";

/** A mined transaction that brought a statement on. */
export interface LaneStep {
  /** Its hash. */
  readonly transaction: string;
  readonly block: number;
  /** Time of its block, seconds since the epoch. */
  readonly at: bigint;
  /** The account that signed it: of a Safe's transaction whoever relayed it. */
  readonly sender: string;
  readonly gasUsed: bigint;
}

/** A publication of a disclosure file. */
export interface DisclosedStep extends LaneStep {
  readonly bundleHash: string;
  /** Where the file is said to be: any text, with U+FFFD where it is none in UTF-8. */
  readonly uri: string;
}

/** The transactions of a statement, as far as it has come. */
export interface StatementSteps {
  readonly scheduled: LaneStep;
  readonly executed?: LaneStep;
  /** The oldest first: the council may publish again. */
  readonly disclosed: readonly DisclosedStep[];
}

/**
 * When, by whom and for how much gas a statement was scheduled, executed and disclosed.
 * @param statement.commitment C, which names the statement on this timelock.
 * @param statement.fromBlock where the timelock was deployed; the first block unless given.
 * @throws SealpatchError `chain/no-event` where it was never scheduled, `chain/missing-logs` where the node has an event without its
 *   block or receipt, and as `asked` does.
 * @example
 * ```ts
 * const { scheduled, executed } = await readStatementSteps(timelock, { commitment });
 * if (executed !== undefined) console.log(`open for ${executed.at - scheduled.at} seconds`);
 * ```
 */
export async function readStatementSteps(
  timelock: TimelockView,
  statement: StatementPlace,
): Promise<StatementSteps> {
  const { commitment, fromBlock = 0 } = statement;
  const { provider, address } = timelock;
  const chain = { address, interface: timelock.interface, logs: new LogReader(provider) };
  try {
    const toBlock = await asked("reading the newest block", () => provider.getBlockNumber());
    const of = (name: string, indexed: readonly unknown[], from: number) =>
      eventsOf(chain, [name], indexed, { fromBlock: from, toBlock });
    const [scheduled] = await of("StatementScheduled", [null, commitment], fromBlock);
    if (scheduled === undefined) throw noEvent("StatementScheduled", "the chain");
    const [executed] = await of("StatementExecuted", [commitment], scheduled.blockNumber);
    const published =
      executed === undefined ? [] : await of("StatementDisclosed", [commitment], executed.blockNumber);
    const [first, second, disclosed] = await Promise.all([
      stepOf(timelock, scheduled),
      executed === undefined ? undefined : stepOf(timelock, executed),
      Promise.all(
        published.map(async (event): Promise<DisclosedStep> => {
          const { bundleHash, uri } = event.event.args;
          return { ...(await stepOf(timelock, event)), bundleHash, uri };
        }),
      ),
    ]);
    return { scheduled: first, ...(second === undefined ? {} : { executed: second }), disclosed };
  } catch (error) {
    throw rebuiltError(error, "reading the steps of a statement");
  }
}

/** What a guardian did, with the reason that it gave: any text, with U+FFFD where it is none in UTF-8. */
export interface GuardianStep extends LaneStep {
  readonly reason: string;
}

/**
 * The veto of a statement, or the last halt of the lane.
 * @param what.commitment the statement; left out for the halt.
 * @param what.fromBlock where the timelock was deployed; the first block unless given.
 * @throws SealpatchError `chain/no-event` where there was none, and as `readStatementSteps`.
 * @example
 * ```ts
 * if (await timelock.halted()) console.log((await readGuardianStep(timelock)).reason);
 * ```
 */
export async function readGuardianStep(
  timelock: TimelockView,
  what: { readonly commitment?: bigint; readonly fromBlock?: number } = {},
): Promise<GuardianStep> {
  const { commitment, fromBlock = 0 } = what;
  const { provider, address } = timelock;
  const chain = { address, interface: timelock.interface, logs: new LogReader(provider) };
  const [name, indexed] = commitment === undefined ? ["LaneHalted", []] : ["StatementVetoed", [commitment]];
  try {
    const toBlock = await asked("reading the newest block", () => provider.getBlockNumber());
    const event = (await eventsOf(chain, [name], indexed, { fromBlock, toBlock })).at(-1);
    if (event === undefined) throw noEvent(name, "the chain");
    return { ...(await stepOf(timelock, event)), reason: event.event.args.reason };
  } catch (error) {
    throw rebuiltError(error, "reading what a guardian did");
  }
}

/**
 * The commitment of the statement that a disclosure file was published for.
 * @param bundleHash keccak256 of the file's bytes (`disclosureHash`).
 * @throws SealpatchError `report/other-disclosure` where no publication has that hash, and as `asked` does.
 * @example
 * ```ts
 * const commitment = await commitmentDisclosedBy(timelock, disclosureHash(text));
 * const facts = await readDisclosureFacts(timelock, { commitment });
 * ```
 */
export async function commitmentDisclosedBy(
  timelock: TimelockClient,
  bundleHash: string,
  { fromBlock = 0 }: { readonly fromBlock?: number | undefined } = {},
): Promise<bigint> {
  const { provider, address } = timelock;
  const chain = { address, interface: timelock.interface, logs: new LogReader(provider) };
  try {
    const toBlock = await asked("reading the newest block", () => provider.getBlockNumber());
    const published = await eventsOf(chain, ["StatementDisclosed"], [], { fromBlock, toBlock });
    const found = published.find(({ event }) => event.args.bundleHash === bundleHash.toLowerCase());
    if (found !== undefined) return found.event.args.commitment;
  } catch (error) {
    throw rebuiltError(error, "looking for a disclosure");
  }
  throw new SealpatchError("report/other-disclosure", "the timelock has no disclosure by this file", {
    details: { bundleHash, timelock: address },
    why: "no publication on this chain has the hash of its bytes",
    remedy: "take the file as it was published, and the chain that it is of",
  });
}

/** After the deadline anybody publishes, and any bytes. */
async function stepOf(
  { provider }: TimelockView,
  { transaction, blockNumber: block }: TimelockEvent,
): Promise<LaneStep> {
  const [receipt, header] = await Promise.all([
    asked("reading a receipt", () => provider.getTransactionReceipt(transaction)),
    asked("reading a block", () => provider.getBlock(block)),
  ]);
  if (receipt?.blockNumber !== block || header === null) {
    throw new SealpatchError("chain/missing-logs", "the node has an event without its block or receipt", {
      details: { transaction, block },
      why: "it keeps logs for longer than receipts, or the chain was reorganised meanwhile",
      remedy: "ask another node, or once more",
    });
  }
  return { transaction, block, at: BigInt(header.timestamp), sender: receipt.from, gasUsed: receipt.gasUsed };
}
