import { getAddress, toQuantity } from "ethers";

// What a page asks of a node, and which answers it takes: by hand, as no schema library is part of a page.

/** A question of JSON-RPC, with what reads its answer. */
export interface Question<T> {
  readonly method: string;
  readonly params: readonly unknown[];
  /** @throws Malformed where the answer is none to this question. */
  read(answer: unknown): T;
}

/** An answer is not of the form that it should have; the message says what of it. */
export class Malformed extends Error {}

/** Which logs: of one account, in blocks that are both included. */
export interface LogQuery {
  readonly address: string;
  readonly topics: readonly (string | readonly string[] | null)[];
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** A log as the page keeps it, with the names of ethers. */
export interface PageLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly index: number;
}

export interface PageBlock {
  readonly number: number;
  readonly hash: string;
  readonly timestamp: number;
}

export interface PageTransaction {
  readonly hash: string;
  readonly data: string;
}

export interface PageReceipt {
  readonly hash: string;
  readonly blockNumber: number;
  readonly from: string;
  readonly gasUsed: bigint;
}

export const chainIdQuestion: Question<bigint> = {
  method: "eth_chainId",
  params: [],
  read: (answer) => quantity(answer, "the chain id"),
};

/** A block by its number, or the newest one; null where there is none. */
export function blockQuestion(which: number | "latest"): Question<PageBlock | null> {
  return {
    method: "eth_getBlockByNumber",
    params: [which === "latest" ? which : toQuantity(which), false],
    read: orNull((answer) => {
      const { number, hash, timestamp } = object(answer, "the block");
      const block = {
        number: count(number, "the block's number"),
        hash: word(hash, "the block's hash"),
        timestamp: count(timestamp, "the block's time"),
      };
      if (which !== "latest" && block.number !== which) throw new Malformed("it is another block");
      return block;
    }),
  };
}

export function logsQuestion(query: LogQuery): Question<PageLog[]> {
  const { address, topics, fromBlock, toBlock } = query;
  const range = { fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock) };
  return {
    method: "eth_getLogs",
    params: [{ address, topics, ...range }],
    read: (answer) => {
      if (!Array.isArray(answer)) throw new Malformed("it is no list of logs");
      const logs = answer.map(readLog).toSorted((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
      const isAskedFor = askedFor(query);
      for (const [at, log] of logs.entries()) {
        if (!isAskedFor(log)) throw new Malformed("it has a log that was not asked for");
        const before = logs[at - 1];
        if (before?.blockNumber === log.blockNumber && before.index === log.index)
          throw new Malformed("it has a log twice");
      }
      return logs;
    },
  };
}

/** Whether a log is one of a query. */
export function askedFor({ address, topics, fromBlock, toBlock }: LogQuery): (log: PageLog) => boolean {
  const account = getAddress(address);
  return (log) =>
    log.address === account &&
    log.blockNumber >= fromBlock &&
    log.blockNumber <= toBlock &&
    topics.every((wanted, place) => {
      const topic = log.topics[place];
      return wanted === null || (topic !== undefined && [wanted].flat().includes(topic));
    });
}

export function transactionQuestion(hash: string): Question<PageTransaction | null> {
  return {
    method: "eth_getTransactionByHash",
    params: [hash],
    read: orNull((answer) => {
      const { hash: of, input } = object(answer, "the transaction");
      if (word(of, "the transaction's hash") !== hash) throw new Malformed("it is another transaction");
      return { hash, data: bytes(input, "the transaction's input") };
    }),
  };
}

export function receiptQuestion(hash: string): Question<PageReceipt | null> {
  return {
    method: "eth_getTransactionReceipt",
    params: [hash],
    read: orNull((answer) => {
      const { transactionHash, blockNumber, from, gasUsed } = object(answer, "the receipt");
      if (word(transactionHash, "the transaction's hash") !== hash)
        throw new Malformed("it is another receipt");
      return {
        hash,
        blockNumber: count(blockNumber, "the receipt's block"),
        from: address(from, "the sender"),
        gasUsed: quantity(gasUsed, "the gas used"),
      };
    }),
  };
}

export function codeQuestion(account: string, block: number | "latest"): Question<string> {
  return {
    method: "eth_getCode",
    params: [account, blockTag(block)],
    read: (answer) => bytes(answer, "the code"),
  };
}

export function storageQuestion(account: string, slot: string, block: number): Question<string> {
  return {
    method: "eth_getStorageAt",
    params: [account, slot, blockTag(block)],
    read: (answer) => word(answer, "the slot"),
  };
}

export function callQuestion(
  call: { readonly to?: string | undefined; readonly data: string },
  block: number,
): Question<string> {
  const { to, data } = call;
  return {
    method: "eth_call",
    params: [to === undefined ? { data } : { to, data }, blockTag(block)],
    read: (answer) => bytes(answer, "what the call returned"),
  };
}

const blockTag = (block: number | "latest") => (block === "latest" ? block : toQuantity(block));

function readLog(answer: unknown): PageLog {
  const log = object(answer, "a log");
  if (log.removed === true) throw new Malformed("it has a log that was taken back");
  if (!Array.isArray(log.topics) || log.topics.length > 4) throw new Malformed("topics of a log are no list");
  return {
    address: address(log.address, "a log's account"),
    topics: log.topics.map((topic) => word(topic, "a topic")),
    data: bytes(log.data, "a log's data"),
    blockNumber: count(log.blockNumber, "a log's block"),
    blockHash: word(log.blockHash, "a log's block"),
    transactionHash: word(log.transactionHash, "a log's transaction"),
    index: count(log.logIndex, "a log's index"),
  };
}

function orNull<T>(read: (answer: unknown) => T): (answer: unknown) => T | null {
  return (answer) => (answer === null ? null : read(answer));
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Malformed(`${what} is no object`);
}

function matching(form: RegExp, value: unknown, what: string): string {
  if (typeof value === "string" && form.test(value)) return value.toLowerCase();
  throw new Malformed(`${what} is malformed`);
}

const quantity = (value: unknown, what: string) => BigInt(matching(/^0x[0-9a-f]{1,64}$/i, value, what));
const word = (value: unknown, what: string) => matching(/^0x[0-9a-f]{64}$/i, value, what);
const bytes = (value: unknown, what: string) => matching(/^0x([0-9a-f]{2})*$/i, value, what);
const address = (value: unknown, what: string) => getAddress(matching(/^0x[0-9a-f]{40}$/i, value, what));

function count(value: unknown, what: string): number {
  const number = Number(quantity(value, what));
  if (Number.isSafeInteger(number)) return number;
  throw new Malformed(`${what} is too large`);
}
