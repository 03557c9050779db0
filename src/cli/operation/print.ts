import { randomBytes } from "node:crypto";
import { hexlify, isHexString } from "ethers";
import { proposalOf, type SlowPathCall, type TimelockClient } from "../../chain/index.js";
import { type Configuration, parseDuration } from "../../project/index.js";
import { print, printJson, wrap } from "../../terminal/index.js";
import { usageError } from "../options.js";

/** What every command takes that prints an operation of the slow path. */
export interface OperationOptions {
  readonly json?: boolean;
  readonly salt?: string;
  readonly delay?: string;
}

/** An operation of the slow path, before it has salt and delay. */
export interface PlannedOperation {
  /** What it does, as the first line and as the description of a proposal. */
  readonly title: string;
  readonly chain: string;
  readonly timelock: TimelockClient;
  readonly calls: readonly SlowPathCall[];
  /** More of the JSON object. */
  readonly more?: object;
}

/**
 * Prints an operation as transactions: for an account or a Safe with the roles, and as a proposal for a Governor. Sends nothing.
 * @throws SealpatchError `cli/usage`.
 */
export function printOperation(
  { title, chain, timelock, calls, more = {} }: PlannedOperation,
  { timelock: bounds, chains }: Configuration,
  options: OperationOptions,
): void {
  const delay = options.delay === undefined ? bounds.min_delay : parseDuration(options.delay);
  if (delay === undefined)
    throw usageError("--delay is no duration", "give a whole number and a unit, as 7d");
  const salt = options.salt ?? hexlify(randomBytes(32));
  if (!isHexString(salt, 32)) throw usageError("--salt is not 32 bytes", "give 0x and 64 hexadecimal digits");
  const { id, schedule, execute } = timelock.slowPathTransactions({ calls, salt }, BigInt(delay));
  const governor = proposalOf(calls, title);
  const { id: chainId } = chains[chain]!;
  if (options.json) {
    // A Safe proposes by a call of its own (operation 0) to the timelock.
    const safe = { to: schedule.target, value: "0", data: schedule.data, operation: 0 };
    printJson({ chain, chainId, ...more, id, salt, delay, calls, schedule, execute, safe, governor });
    return;
  }
  print(
    `${title} on ${chain} (${chainId})`,
    `  id       ${id}`,
    `  salt     ${salt}`,
    `  delay    ${delay} s`,
    `  send to  ${timelock.address}`,
    "",
    "schedule, by a proposer, be it an account or a Safe (value 0, operation 0):",
    schedule.data,
    "",
    "execute, by an executor, once the delay has passed:",
    execute.data,
    "",
    wrap(
      "or propose, to the Governor that is the proposer; it schedules under a salt of its own, and so under another id:",
    ),
    governor.propose,
  );
}
