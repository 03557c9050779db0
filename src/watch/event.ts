import { type Interface, type ParamType, toBeHex } from "ethers";
import type { TimelockLog } from "./history.js";

/** A value of an event as JSON: integers are decimal strings, commitments and bytes hex. */
export type EventValue = string | boolean | readonly EventValue[] | { readonly [name: string]: EventValue };

/** An event of a timelock, as it is given to whoever follows the lane. It is plain JSON. */
export interface LaneEvent {
  /** Names the log, and apart from it that it was taken back. */
  readonly id: string;
  /** Name of the contract's event. */
  readonly name: string;
  /** Whether a reorganisation took the event back, which was given before: it has not happened. */
  readonly takenBack: boolean;
  readonly block: number;
  readonly blockHash: string;
  /** Time of the block, seconds since the epoch. */
  readonly time: number;
  /** Of the log in its block. */
  readonly index: number;
  /** Hash of the transaction. */
  readonly transaction: string;
  /** By the names of the contract's event. Texts among them are somebody else's. */
  readonly values: Readonly<Record<string, EventValue>>;
}

/** An event that was given, and not taken back. */
export type GivenEvent = LaneEvent & { readonly takenBack: false };

/** The id of a log: the same whoever asks, and another one in another block. */
export const idOf = ({ blockHash, index }: Pick<TimelockLog, "blockHash" | "index">): string =>
  `${blockHash}-${index}`;

/** @param time of its block, seconds since the epoch. */
export function eventOf(abi: Interface, log: TimelockLog, time: number): GivenEvent {
  const { name, args, blockNumber: block, blockHash, index, transaction } = log;
  const values = named(abi.getEvent(name)!.inputs, args);
  return { id: idOf(log), name, takenBack: false, block, blockHash, time, index, transaction, values };
}

/** The same event, taken back. */
export function takenBack(event: GivenEvent): LaneEvent {
  return { ...event, id: `${event.id}-taken-back`, takenBack: true };
}

function named(inputs: readonly ParamType[], args: readonly unknown[]): Record<string, EventValue> {
  return Object.fromEntries(inputs.map((input, at) => [input.name, jsonOf(input, args[at])]));
}

function jsonOf(input: ParamType, value: unknown): EventValue {
  if (input.arrayChildren !== null)
    return (value as unknown[]).map((child) => jsonOf(input.arrayChildren!, child));
  if (input.components !== null) return named(input.components, value as unknown[]);
  if (typeof value !== "bigint") return value as string | boolean;
  return input.name === "commitment" ? toBeHex(value, 32) : value.toString();
}
