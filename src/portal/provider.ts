import type { Provider } from "ethers";
import type { Answers } from "./node.js";
import {
  blockQuestion,
  callQuestion,
  chainIdQuestion,
  codeQuestion,
  isAskedFor,
  type LogQuery,
  logsQuestion,
  type PageBlock,
  type PageLog,
  receiptQuestion,
  storageQuestion,
  transactionQuestion,
} from "./questions.js";

/** Logs that were read as a whole: of one account, in blocks that are both included. */
interface Known extends Pick<LogQuery, "address" | "fromBlock" | "toBlock"> {
  readonly logs: readonly PageLog[];
}

/**
 * What the package's readers use of a provider, over what answers a page. The newest block is asked for where a lane is read, and all that
 * is read after it is of that block: its number is "newest" from then on, and logs that were read are not asked for again.
 */
class PageProvider {
  readonly #answers: Answers;
  #head: PageBlock | null = null;
  #known: Known[] = [];

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  async send(method: string): Promise<unknown> {
    if (method !== chainIdQuestion.method) throw new Error(`a page does not ask ${method}`);
    return `0x${(await this.#answers.ask(chainIdQuestion)).toString(16)}`;
  }

  async getBlock(which: number | "latest"): Promise<PageBlock | null> {
    const block = await this.#answers.ask(blockQuestion(which));
    if (which === "latest") {
      this.#head = block;
      this.#known = [];
    }
    return block;
  }

  async getBlockNumber(): Promise<number> {
    return this.#newest();
  }

  async getLogs(query: LogQuery): Promise<readonly PageLog[]> {
    const known = this.#knownFor(query);
    if (known !== undefined) return known.filter((log) => isAskedFor(log, query));
    const logs = await this.#answers.ask(logsQuestion(query));
    const { address, topics, fromBlock, toBlock } = query;
    if (topics.length === 0) this.#known.push({ address, fromBlock, toBlock, logs });
    return logs;
  }

  /** Logs that were read of all blocks of a query; undefined where not all were. */
  #knownFor({ address, fromBlock, toBlock }: LogQuery): PageLog[] | undefined {
    const found: PageLog[] = [];
    let next = fromBlock;
    for (const known of this.#known) {
      if (known.address !== address || known.fromBlock > next || known.toBlock < next) continue;
      const from = next;
      found.push(...known.logs.filter(({ blockNumber }) => blockNumber >= from));
      next = known.toBlock + 1;
      if (next > toBlock) return found;
    }
    return undefined;
  }

  getTransaction(hash: string) {
    return this.#answers.ask(transactionQuestion(hash));
  }

  getTransactionReceipt(hash: string) {
    return this.#answers.ask(receiptQuestion(hash));
  }

  async getCode(account: string, block?: number): Promise<string> {
    return this.#answers.ask(codeQuestion(account, block ?? (await this.#newest())));
  }

  async getStorage(account: string, slot: string, block?: number): Promise<string> {
    return this.#answers.ask(storageQuestion(account, slot, block ?? (await this.#newest())));
  }

  async call(call: { to?: string; data: string; blockTag?: number }): Promise<string> {
    return this.#answers.ask(callQuestion(call, call.blockTag ?? (await this.#newest())));
  }

  async #newest(): Promise<number> {
    const head = this.#head ?? (await this.getBlock("latest"));
    if (head === null) throw new Error("there is no newest block");
    return head.number;
  }
}

/** A provider for `readLane`, `readScheduledFacts`, `readStatementSteps` and `runningCode`: it has no more than they use. */
export function pageProvider(answers: Answers): Provider {
  return new PageProvider(answers) as unknown as Provider;
}
