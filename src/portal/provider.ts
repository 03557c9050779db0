import { type Provider, toQuantity } from "ethers";
import type { Answers } from "./node.js";
import {
  askedFor,
  blockQuestion,
  callQuestion,
  chainIdQuestion,
  codeQuestion,
  type LogQuery,
  logsQuestion,
  type PageBlock,
  type PageLog,
  type Question,
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
  readonly #chainId: bigint;
  #head: PageBlock | null = null;
  #known: Known[] = [];
  /** What was asked since then, by the question: many statements ask about one proxy and one block. */
  #asked = new Map<string, Promise<unknown>>();

  constructor(answers: Answers, chainId: bigint) {
    this.#answers = answers;
    this.#chainId = chainId;
  }

  async send(method: string): Promise<unknown> {
    if (method !== chainIdQuestion.method) throw new Error(`a page does not ask ${method}`);
    return toQuantity(this.#chainId);
  }

  async getBlock(which: number | "latest"): Promise<PageBlock | null> {
    if (which !== "latest") return this.#once(blockQuestion(which));
    const block = await this.#answers.ask(blockQuestion(which));
    this.#head = block;
    this.#known = [];
    this.#asked.clear();
    return block;
  }

  async getBlockNumber(): Promise<number> {
    return this.#newest();
  }

  async getLogs(query: LogQuery): Promise<readonly PageLog[]> {
    const known = this.#knownFor(query);
    if (known !== undefined) return known.filter(askedFor(query));
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
    return this.#once(transactionQuestion(hash));
  }

  getTransactionReceipt(hash: string) {
    return this.#once(receiptQuestion(hash));
  }

  async getCode(account: string, block?: number): Promise<string> {
    return this.#once(codeQuestion(account, block ?? (await this.#newest())));
  }

  async getStorage(account: string, slot: string, block?: number): Promise<string> {
    return this.#once(storageQuestion(account, slot, block ?? (await this.#newest())));
  }

  async call(call: { to?: string; data: string; blockTag?: number }): Promise<string> {
    return this.#answers.ask(callQuestion(call, call.blockTag ?? (await this.#newest())));
  }

  #once<T>(question: Question<T>): Promise<T> {
    const key = JSON.stringify([question.method, question.params]);
    const known = this.#asked.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const asking = this.#answers.ask(question);
    this.#asked.set(key, asking);
    // What failed may be asked again.
    asking.catch(() => this.#asked.delete(key));
    return asking;
  }

  async #newest(): Promise<number> {
    const head = this.#head ?? (await this.getBlock("latest"));
    if (head === null) throw new Error("there is no newest block");
    return head.number;
  }
}

/**
 * A provider for `readLane`, `readScheduledFacts`, `readStatementSteps` and `runningCode`: it has no more than they use.
 * @param chainId that the nodes said, just before.
 */
export function pageProvider(answers: Answers, chainId: bigint): Provider {
  return new PageProvider(answers, chainId) as unknown as Provider;
}
