import { type Interface, type ParamType, Result } from "ethers";
import { timelockInterface } from "../chain/index.js";
import { quoted } from "../foreign-text.js";
import { NO_GROUP } from "../patch/index.js";
import { SAFE } from "./account.js";
import type { SafePlace, SafeTransaction } from "./transaction.js";

/** One argument of a call, decoded. */
export interface CallArgument {
  /** With its place: `request.proxy`. */
  readonly name: string;
  readonly type: string;
  /** For people; texts are quoted, and what would not print stands there by its number. */
  readonly value: string;
}

/** What a transaction of a Safe does, where it is one of those that are made here. */
export interface SafeAction {
  readonly name: "schedule" | "disclose" | "veto" | "halt" | "approveHash" | "void";
  /** On one line: the role and what is done. */
  readonly title: string;
  /** Sentences. */
  readonly words: readonly string[];
  /** Of the function, as `cast decode-calldata` takes it; undefined where there is no calldata. */
  readonly signature?: string;
  readonly arguments: readonly CallArgument[];
  /** Values that are compared elsewhere, as the contract takes them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** After that it has no effect any more, Unix time in seconds; undefined where only the nonce ends it. */
  readonly validUntil?: bigint;
}

/**
 * Says what a transaction does, from its calldata alone.
 * @returns undefined where it is none of those that are made here, or has more or other bytes than its decoding.
 * @example
 * ```ts
 * const { request } = await readSafeFolder("safe-halt-7");
 * const action = await actionOf(request, request.transaction);
 * console.log(action?.title ?? "it is not known what this does");
 * ```
 */
export async function actionOf(
  place: SafePlace,
  transaction: SafeTransaction,
): Promise<SafeAction | undefined> {
  const { to, data, operation, value } = transaction;
  // Foreign code that runs as the Safe itself, or wei that go along, are none of these.
  if (operation !== 0 || value !== 0n) return undefined;
  if (data === "0x") return BigInt(to) === BigInt(place.safe) ? voidAction(transaction.nonce) : undefined;
  return decoded(await timelockInterface(), data, to) ?? decoded(SAFE, data, to);
}

function decoded(contract: Interface, data: string, to: string): SafeAction | undefined {
  try {
    const call = contract.parseTransaction({ data });
    // Bytes that no argument has would be shown to nobody.
    if (call === null || contract.encodeFunctionData(call.fragment, call.args) !== data) return undefined;
    const describe = ACTIONS[call.fragment.format()];
    if (describe === undefined) return undefined;
    const { inputs } = call.fragment;
    const values = named(inputs, call.args);
    return {
      ...describe(values, to),
      signature: call.fragment.format(),
      arguments: inputs.flatMap((input, index) => flat(input, call.args[index], input.name)),
      values,
    };
  } catch {
    // Calldata that is none of this contract's.
    return undefined;
  }
}

/** What ethers decoded, by its names. */
function named(types: readonly ParamType[], all: Result): Decoded {
  return Object.fromEntries(types.map((type, index) => [type.name, plain(type, all[index])]));
}

function plain(type: ParamType, value: unknown): unknown {
  if (type.isArray()) return [...(value as unknown[])].map((one) => plain(type.arrayChildren, one));
  return type.isTuple() ? named(type.components, value as Result) : value;
}

/** An argument with its members. */
function flat(type: ParamType, value: unknown, name: string): CallArgument[] {
  if (type.isArray())
    return [...(value as unknown[])].flatMap((one, index) =>
      flat(type.arrayChildren, one, `${name}[${index}]`),
    );
  if (type.isTuple() && value instanceof Result)
    return type.components.flatMap((member, index) => flat(member, value[index], `${name}.${member.name}`));
  const shown = type.type === "string" ? quoted(String(value)) : String(value);
  return [{ name, type: type.type, value: type.type === "uint256" ? hexOf(value) : shown }];
}

/** Field elements and the like are compared as hex; small numbers are read as numbers. */
function hexOf(value: unknown): string {
  const number = BigInt(value as bigint);
  return number < 2n ** 64n ? number.toString() : `0x${number.toString(16).padStart(64, "0")}`;
}

type Described = Omit<SafeAction, "arguments" | "values" | "signature">;
// biome-ignore lint/suspicious/noExplicitAny: what ethers decoded of a call whose form is known
type Decoded = Record<string, any>;

const time = (seconds: bigint): string =>
  seconds < 2n ** 40n
    ? new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z")
    : "a time that no date has";

const field = (value: unknown): string =>
  `0x${BigInt(value as bigint)
    .toString(16)
    .padStart(64, "0")}`;

/** By the format of the function: TimelockController has functions of the same names. */
const ACTIONS: Readonly<Record<string, (values: Decoded, to: string) => Described>> = {
  "schedule((uint256,address,uint64,bytes32),bytes32[],(uint256[2],uint256[2][2],uint256[2]))": (
    { request },
    to,
  ) => ({
    name: "schedule",
    title: "COUNCIL: schedule a hidden patch",
    words: [
      `Schedules the hidden patch of commitment ${field(request.commitment)} for the proxy ${request.proxy} on the timelock ${to}.`,
      "From the block that takes it the policy's delay runs. After that whoever holds EXECUTOR_ROLE can install the patch, without " +
        `asking the council again, at the latest at ${time(request.validUntil)} (${request.validUntil}).`,
      "Until it is executed a guardian can end it.",
      ...(request.group === NO_GROUP
        ? []
        : [
            `It is a member of the group ${request.group}: it executes with all of that group, or not at all.`,
          ]),
      "Public are then commitment, proxy, deadline and proof: that there is a patch, and nothing of what it is.",
    ],
    validUntil: request.validUntil,
  }),
  "disclose(uint256,(uint256,uint256,uint256,uint256,uint256),bytes32,string)": (
    { commitment, bundleHash, uri },
    to,
  ) => ({
    name: "disclose",
    title: "COUNCIL: disclose an executed patch",
    words: [
      `Opens the commitment ${field(commitment)} on the timelock ${to}, with the salt, and commits to the disclosure file whose bytes have the keccak256 ${bundleHash}.`,
      `Everybody will look for that file at ${quoted(uri)}: publish it there, byte for byte.`,
      "Nothing of the incident is secret from then on.",
    ],
  }),
  "veto(uint256,string)": ({ commitment, reason }, to) => ({
    name: "veto",
    title: "GUARDIAN: end a scheduled statement",
    words: [
      `Ends the statement of commitment ${field(commitment)} on the timelock ${to}, for ever.`,
      "A group of which it is a member ends with it.",
      `The reason becomes public: ${quoted(reason)}.`,
    ],
  }),
  "halt(string)": ({ reason }, to) => ({
    name: "halt",
    title: "GUARDIAN: close the fast lane",
    words: [
      `Closes the fast lane of every proxy of the timelock ${to}. The slow path goes on.`,
      "Governance alone opens it again.",
      `The reason becomes public: ${quoted(reason)}.`,
    ],
  }),
  "approveHash(bytes32)": ({ hashToApprove }, to) => ({
    name: "approveHash",
    title: "OWNER: approve a transaction of another Safe",
    words: [
      `Approves, as an owner of the Safe ${to}, its transaction with the hash ${hashToApprove}.`,
      "What that transaction does stands in the folder of that Safe: read and check it first.",
      "An approval on chain cannot be taken back. It is of no use once that Safe has used the nonce.",
    ],
  }),
};

function voidAction(nonce: bigint): SafeAction {
  return {
    name: "void",
    title: "OWNER: use up a nonce",
    words: [
      `Does nothing: the Safe calls itself without data. It uses the nonce ${nonce} up, so that no other transaction with it can be executed any more.`,
      "Signatures of such another transaction stay valid until this one is mined.",
    ],
    arguments: [],
    values: {},
  };
}
