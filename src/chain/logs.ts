import type { Log, Provider } from "ethers";
import { SealpatchError } from "../errors.js";
import { asked } from "./node.js";

/** Which logs: of one account, by their topics as `Interface.encodeFilterTopics` makes them. */
export interface LogFilter {
  readonly address: string;
  readonly topics: readonly (string | readonly string[] | null)[];
}

/** Where a log stands on the chain. */
export interface LogPlace {
  readonly blockNumber: number;
  readonly index: number;
}

/** Whether one log is older than another. */
export function isBefore(a: LogPlace, b: LogPlace): boolean {
  return a.blockNumber < b.blockNumber || (a.blockNumber === b.blockNumber && a.index < b.index);
}

/**
 * Reads logs from nodes that limit what one request may ask for, by blocks or by results and each in words of its own: whatever is
 * refused is asked for again in halves. What a node took once it is asked for from then on.
 */
export class LogReader {
  readonly #provider: Provider;
  #span = Number.POSITIVE_INFINITY;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  /**
   * Logs from a block on to another, both included, the oldest first.
   * @throws SealpatchError as `asked` does, where the node refuses even a single block, cannot be reached, or has no `eth_getLogs`.
   */
  async read(filter: LogFilter, fromBlock: number, toBlock: number): Promise<Log[]> {
    const found: Log[] = [];
    for (let from = fromBlock; from <= toBlock; ) {
      const { logs, to } = await this.#some(filter, from, toBlock);
      found.push(...logs);
      from = to + 1;
    }
    return found;
  }

  /**
   * How many blocks the node takes at once, from a block on to another at most, both included: found by asking, to a factor of two.
   * @throws SealpatchError as `read` does.
   */
  async span(filter: LogFilter, fromBlock: number, toBlock: number): Promise<number> {
    const { to } = await this.#some(filter, fromBlock, toBlock);
    return to - fromBlock + 1;
  }

  /** As many logs from a block on as the node gives at once, and the last block of these. */
  async #some(
    { address, topics }: LogFilter,
    from: number,
    toBlock: number,
  ): Promise<{ readonly logs: readonly Log[]; readonly to: number }> {
    const filter = { address, topics: topics.map((topic) => (Array.isArray(topic) ? [...topic] : topic)) };
    for (;;) {
      const to = Math.min(from + this.#span - 1, toBlock);
      try {
        const range = { ...filter, fromBlock: from, toBlock: to } as Parameters<Provider["getLogs"]>[0];
        return { logs: await asked("reading logs", () => this.#provider.getLogs(range)), to };
      } catch (error) {
        if (!mayBeTooMuch(error) || to === from) throw error;
        this.#span = Math.ceil((to - from + 1) / 2);
      }
    }
  }
}

/** Whether a node may have refused because of the range: it answered, by JSON-RPC or by an HTTP status. */
function mayBeTooMuch(error: unknown): boolean {
  if (!(error instanceof SealpatchError)) return false;
  const { code, details } = error;
  return code === "chain/rejected" || (code === "chain/unreachable" && details.cause === "SERVER_ERROR");
}
