import { type JsonRpcProvider, ZeroAddress, ZeroHash } from "ethers";
import { asked, LogReader, providerOf } from "../chain/index.js";
import { LOCAL_CHAIN_IDS } from "../networks.js";
import { blockDiffsSchema, PRESTATE_DIFF_TRACER, PRESTATE_TRACER, prestateSchema } from "../vectors/index.js";
import { isUnanswered, type Lines, type Seen, seenIn } from "./finding.js";
import { type Greeting, greet } from "./greeting.js";

/** Names of lines that others wait for. */
const NODE = "node";
const CHAIN_ID = "chain id";
export const HEAD = "newest block";
export const LOGS = "logs";

/** Seconds that clocks may differ, and that the newest block of a chain may be old: 25 slots. */
const CLOCK_TOLERANCE = 60;
const OLDEST_HEAD = 300;
/** Requests for the logs of a timelock that are still bearable. */
const MOST_REQUESTS = 500;
const OTHER_NODE = "use another node, or another plan of this provider";

/** A chain as the configuration has it. */
export interface WantedChain {
  readonly id: bigint;
  /** Throws where nothing names the node. */
  readonly url: () => string;
  readonly timelock: string | undefined;
  /** In which the timelock was deployed. */
  readonly block: number | undefined;
}

/** What may be set for an examination of a node. */
export interface NodeOptions {
  /** Seconds that the node may take to answer at all. */
  readonly seconds?: number;
  /** This machine's clock: milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The newest block, as far as it is used here. */
export interface Head {
  readonly number: number;
  readonly hash: string | null;
  readonly timestamp: number;
  /** Hashes of its transactions. */
  readonly transactions: readonly string[];
  readonly gasLimit: bigint;
}

/** A node that answers. */
export interface ReachedNode {
  readonly provider: JsonRpcProvider;
  readonly logs: LogReader;
  /** Undefined where the node gives none. */
  readonly head: Head | undefined;
}

/**
 * Makes the lines of a node: whether it answers at all and serves the chain, both clocks, and what it offers beyond. Lines that need
 * the timelock's place are made where this is known.
 * @returns the node, to be destroyed by the caller.
 */
export async function nodeLines(
  lines: Lines,
  chain: WantedChain,
  { seconds = 20, now = Date.now }: NodeOptions = {},
): Promise<ReachedNode> {
  let url = "";
  let greeting: Greeting | undefined;
  await lines.add(NODE, [], async () => {
    url = chain.url();
    greeting = await greet(url, { seconds, now });
    return greetingSeen(greeting);
  });
  // Every other line waits for that one: a node that nothing names is not asked.
  const provider = providerOf(url);
  const logs = new LogReader(provider);
  await lines.add(CHAIN_ID, [NODE], () => chainSeen(greeting!, chain.id));
  let head: Head | undefined;
  const isLocal = LOCAL_CHAIN_IDS.has(chain.id);
  await lines.add(HEAD, [CHAIN_ID], async () => {
    head = (await asked("reading the newest block", () => provider.getBlock("latest"), seconds)) ?? undefined;
    return headSeen(head, greeting!, isLocal);
  });
  await lines.add("clock", [CHAIN_ID], () => clockSeen(greeting!, head, isLocal));
  await lines.add("traces", [HEAD], () => tracesSeen(provider, head!, chain.timelock ?? ZeroAddress));
  return { provider, logs, head };
}

/** Makes the lines that need the place of the timelock. @param waitsFor lines that must hold before, `HEAD` among them. */
export async function historyLines(
  lines: Lines,
  { timelock, block }: Pick<WantedChain, "timelock" | "block">,
  { provider, logs, head }: ReachedNode,
  waitsFor: readonly string[],
): Promise<void> {
  await lines.add("archive", waitsFor, () => archiveSeen(provider, timelock!, block));
  await lines.add(LOGS, waitsFor, () => logsSeen(logs, timelock!, block, head!));
}

function greetingSeen({ failure, status, isJsonRpc, milliseconds }: Greeting): Seen {
  if (failure !== undefined)
    return {
      fails: `it does not answer: ${failure}`,
      remedy: "check the node, and the URL that the configuration or its environment variable has",
    };
  if (isJsonRpc) return `it answers within ${milliseconds} ms`;
  return {
    fails: `it answers with HTTP status ${status}, and no JSON-RPC`,
    remedy: "check the URL: it may be that of a page, or lack its key",
  };
}

function chainSeen({ chainId }: Greeting, wanted: bigint): Seen {
  if (chainId === wanted) return `${wanted}`;
  const remedy = "name a node of the chain that is meant, or correct the chain's id";
  if (chainId === undefined) return { fails: "it does not say which chain it serves", remedy };
  return { fails: `it serves the chain ${chainId}, and ${wanted} is meant`, remedy };
}

/** This machine's clock against the one that the node's HTTP server has, else against the newest block. */
function clockSeen(greeting: Greeting, head: Head | undefined, isLocal: boolean): Seen {
  const { nodeTime, ownTime } = greeting;
  if (nodeTime === undefined && (isLocal || head === undefined))
    return {
      unknown: "the node says no time that this machine's clock could be held against",
      remedy: "compare this machine's clock with another one",
    };
  const [other, tolerance, what] =
    nodeTime === undefined
      ? [head!.timestamp, OLDEST_HEAD, "the newest block's time"]
      : [nodeTime, CLOCK_TOLERANCE, "the node's"];
  const difference = Math.round(ownTime - other);
  if (Math.abs(difference) <= tolerance) return `within ${tolerance} s of ${what}`;
  return {
    fails: `it is ${duration(Math.abs(difference))} ${difference > 0 ? "ahead of" : "behind"} ${what}`,
    remedy: "set this machine's clock, by NTP: a patch's times are reckoned from it",
  };
}

/** The node's own clock tells how old its newest block is, so that a wrong clock here is no fault of the node. */
function headSeen(head: Head | undefined, { nodeTime, ownTime }: Greeting, isLocal: boolean): Seen {
  if (head === undefined) return { unknown: "the node has none", remedy: OTHER_NODE };
  const { number, timestamp } = head;
  const age = Math.round((nodeTime ?? ownTime) - timestamp);
  if (isLocal)
    return `${number}; a local chain makes blocks when something is sent, and has a time of its own`;
  if (Math.abs(age) <= OLDEST_HEAD) return `${number}, ${duration(Math.abs(age))} old`;
  return {
    fails:
      age > 0 ? `${number} is ${duration(age)} old` : `${number} has a time that comes in ${duration(-age)}`,
    remedy:
      "wait until the node is synchronized, or use another one: what it says of the lane is out of date",
  };
}

/** Vectors are recorded by the prestate tracer: of calls, of mined transactions, and of what came before those in their blocks. */
async function tracesSeen(provider: JsonRpcProvider, head: Head, to: string): Promise<Seen> {
  const [transaction] = head.transactions;
  const isPrestate = (answer: unknown) => prestateSchema().safeParse(answer).success;
  const questions: readonly (readonly [string, readonly unknown[], (answer: unknown) => boolean])[] = [
    ["debug_traceCall", [{ to, data: "0x" }, "latest", PRESTATE_TRACER], isPrestate],
    [
      "debug_traceBlockByHash",
      [head.hash, PRESTATE_DIFF_TRACER],
      (answer) => blockDiffsSchema().safeParse(answer).success,
    ],
    // Of an empty block there is none to trace: that the node knows the question is what can be seen.
    transaction === undefined
      ? ["debug_traceTransaction", [ZeroHash, PRESTATE_TRACER], (answer) => answer !== UNSUPPORTED]
      : ["debug_traceTransaction", [transaction, PRESTATE_TRACER], isPrestate],
  ];
  for (const [method, params, isSound] of questions) {
    const answer = await asked("tracing", () => provider.send(method, [...params])).catch(
      (error: unknown) => {
        if (!isUnanswered(error) || error.code === "chain/unreachable") throw error;
        return error.code === "chain/unsupported-method" ? UNSUPPORTED : undefined;
      },
    );
    if (!isSound(answer))
      return {
        fails: `it does not trace by the prestate tracer (${method})`,
        remedy: "record vectors by a node that does: Geth, Reth, Erigon, anvil",
      };
  }
  return "it traces calls, transactions and blocks by the prestate tracer";
}

/** What is taken for the answer to a method that a node does not have. */
const UNSUPPORTED = Symbol("unsupported method");

/** Facts of a disclosure and recorded vectors need the state of old blocks. */
async function archiveSeen(
  provider: JsonRpcProvider,
  timelock: string,
  block: number | undefined,
): Promise<Seen> {
  if (block === undefined) return NO_BLOCK;
  try {
    const code = await asked("reading code", () => provider.getCode(timelock, block));
    if (code !== "0x") return `it has the state of block ${block}, in which the timelock was deployed`;
    return {
      fails: `the timelock has no code in block ${block}`,
      remedy:
        "correct the block of the timelock's deployment, or use a node that keeps the state of all blocks",
    };
  } catch (error) {
    const seen = seenIn(error);
    if (seen.code === "chain/unreachable") return seen;
    return {
      fails: `it does not have the state of block ${block}, in which the timelock was deployed`,
      remedy:
        "use a node that keeps the state of all blocks (an archive node) to record vectors and to verify",
    };
  }
}

async function logsSeen(
  logs: LogReader,
  address: string,
  block: number | undefined,
  head: Head,
): Promise<Seen> {
  if (block === undefined) return NO_BLOCK;
  const blocks = head.number - block + 1;
  if (blocks < 1)
    return {
      fails: `the timelock was deployed in block ${block}, and the newest one is ${head.number}`,
      remedy: "correct the block of the timelock's deployment, or use a node that is synchronized",
    };
  const span = await logs.span({ address, topics: [] }, block, head.number);
  const requests = Math.ceil(blocks / span);
  const shown =
    requests === 1
      ? `all ${count(blocks)} blocks since the timelock's deployment at once`
      : `${count(span)} blocks at once: ${count(requests)} requests for all since the timelock's deployment`;
  if (requests <= MOST_REQUESTS) return shown;
  return { fails: shown, remedy: OTHER_NODE };
}

const NO_BLOCK: Seen = {
  unknown: "the block in which the timelock was deployed is not known",
  remedy: "add it to the chain in the configuration, as `block`",
};

const count = (value: number): string => value.toLocaleString("en-US");

/** Seconds in the largest unit that fits: `12 s`, `10 min`, `3 h`, `2 d`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
