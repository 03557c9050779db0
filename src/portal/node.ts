import { SealpatchError } from "../errors.js";
import { Malformed, type Question } from "./questions.js";

/** Who answers a page: one node, or two that say the same. */
export interface Answers {
  /** Hosts of the nodes that are asked: all of them everything. */
  readonly hosts: readonly string[];
  /**
   * @throws SealpatchError `chain/malformed-answer`, `chain/nodes-disagree`; else what `asked` rebuilds, in the form of ethers: the node's
   *   own error, or that it cannot be reached.
   */
  ask<T>(question: Question<T>): Promise<T>;
}

/** How a node is asked. */
export interface NodeOptions {
  /** The browser's unless given. */
  readonly fetch?: typeof fetch;
  /** How long one answer may take; 30 unless given. */
  readonly seconds?: number;
}

/** Longest batch: nodes that take batches take that many. */
const MOST = 100;

interface Waiting {
  readonly question: Pick<Question<unknown>, "method" | "params">;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

interface Reply {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
}

/** No cookies, no address of the page, no answer of yesterday, and no other host. */
const REQUEST = {
  method: "POST",
  headers: { "content-type": "application/json" },
  cache: "no-store",
  credentials: "omit",
  redirect: "error",
  referrerPolicy: "no-referrer",
} as RequestInit;

/** A node over HTTP. What is asked in the same turn of the event loop goes out in one request, unless the node takes none such. */
export class PageNode implements Answers {
  readonly hosts: readonly [string];
  readonly #url: string;
  readonly #fetch: typeof fetch;
  readonly #seconds: number;
  #waiting: Waiting[] = [];
  #takesBatches = true;

  constructor(url: string, { fetch: of, seconds = 30 }: NodeOptions = {}) {
    this.#url = url;
    this.hosts = [new URL(url).host];
    // A browser's fetch is called as a function of the window alone.
    this.#fetch = of ?? ((...request) => fetch(...request));
    this.#seconds = seconds;
  }

  async ask<T>(question: Question<T>): Promise<T> {
    const answer = await new Promise<unknown>((resolve, reject) => {
      if (this.#waiting.length === 0) setTimeout(() => this.#flush(), 0);
      this.#waiting.push({ question, resolve, reject });
    });
    try {
      return question.read(answer);
    } catch (error) {
      throw error instanceof Malformed ? this.#malformed(question.method, error.message) : error;
    }
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < waiting.length; from += MOST) {
      const some = waiting.slice(from, from + MOST);
      this.#send(some).catch((error: unknown) => {
        for (const { reject } of some) reject(error);
      });
    }
  }

  async #send(waiting: readonly Waiting[]): Promise<void> {
    const [first, ...others] = waiting;
    if (waiting.length === 1 || !this.#takesBatches) return this.#oneByOne(waiting);
    const replies = await this.#batch(waiting);
    if (replies !== undefined) {
      for (const [id, each] of waiting.entries()) this.#settle(each, replies.get(id));
      return;
    }
    // No batch is taken, or nothing: the first question alone tells which, and a dead node is not asked a hundred times.
    await this.#alone(first!);
    this.#takesBatches = false;
    await this.#oneByOne(others);
  }

  async #oneByOne(waiting: readonly Waiting[]): Promise<void> {
    await Promise.all(waiting.map((each) => this.#alone(each).catch(each.reject)));
  }

  async #alone(waiting: Waiting): Promise<void> {
    const json = await this.#post(request(waiting, 0), waiting.question.method);
    if (Array.isArray(json)) throw this.#malformed(waiting.question.method, "it is a list");
    this.#settle(waiting, json as Reply | undefined);
  }

  /** Replies by the numbers of their questions; undefined where there is not one for each. */
  async #batch(waiting: readonly Waiting[]): Promise<ReadonlyMap<unknown, Reply> | undefined> {
    const method = waiting[0]!.question.method;
    const json = await this.#post(waiting.map(request), method).catch((error: unknown) => {
      const { code } = error as { code?: unknown };
      if (code === "SERVER_ERROR" || code === "chain/malformed-answer") return undefined;
      throw error;
    });
    if (!Array.isArray(json) || json.length !== waiting.length) return undefined;
    const replies = new Map(json.map((reply: Reply | null) => [reply?.id, reply ?? {}]));
    return waiting.every((_, id) => replies.has(id)) ? replies : undefined;
  }

  #settle({ question, resolve, reject }: Waiting, reply: Reply | null | undefined): void {
    const { result, error } = typeof reply === "object" && reply !== null ? reply : {};
    if (typeof error === "object" && error !== null) reject(this.#failure("CALL_REFUSED", error));
    else if (result !== undefined) resolve(result);
    else reject(this.#malformed(question.method, "it has neither a result nor an error"));
  }

  /** The JSON that comes back. @throws an error in the form of ethers, which `rebuiltError` knows, or `chain/malformed-answer`. */
  async #post(body: object, method: string): Promise<unknown> {
    const signal = AbortSignal.timeout(this.#seconds * 1000);
    let text: string;
    let response: Response;
    try {
      response = await this.#fetch(this.#url, { ...REQUEST, body: JSON.stringify(body), signal });
      text = await response.text();
    } catch {
      throw this.#failure(signal.aborted ? "TIMEOUT" : "NETWORK_ERROR");
    }
    const json = jsonOf(text);
    // An error of JSON-RPC says more than the status that it came with.
    const said = (json as Reply | undefined)?.error;
    if (!response.ok && (typeof said !== "object" || said === null)) throw this.#failure("SERVER_ERROR");
    if (json === undefined) throw this.#malformed(method, "it is no JSON");
    return json;
  }

  #failure(code: string, error?: Reply["error"]): Error {
    const info = { requestUrl: `https://${this.hosts[0]}` };
    return Object.assign(new Error("the node failed"), {
      code,
      info,
      ...(error === undefined ? {} : { error }),
    });
  }

  #malformed(method: string, why: string): SealpatchError {
    return new SealpatchError("chain/malformed-answer", "the node answers with what is no answer", {
      details: { node: this.hosts[0], asked: method },
      why,
      remedy: "ask another node, and check the RPC URL",
    });
  }
}

function request({ question: { method, params } }: Waiting, id: number): object {
  return { jsonrpc: "2.0", id, method, params };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
