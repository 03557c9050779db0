import type { z } from "zod";
import { SealpatchError } from "../../errors.js";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import type { Hex } from "../format/index.js";

/** How long a node may think about one request; tracing an old block takes a node tens of seconds. */
const TIMEOUT_MS = 120_000;

/** An integer as JSON-RPC writes it, of at most 256 bits; storage values come with leading zeros. */
export const quantity = lazily(() =>
  zod
    .string()
    .regex(/^0x[0-9a-fA-F]{1,64}$/)
    .transform((hex) => BigInt(hex)),
);

/** Byte string in lower case. */
export const bytes = lazily(() =>
  zod
    .string()
    .regex(/^0x([0-9a-fA-F]{2})*$/)
    .transform((hex) => hex.toLowerCase() as Hex),
);

/** Address in lower case. */
export const address = lazily(() =>
  zod
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .transform((hex) => hex.toLowerCase() as Hex),
);

/** Hash of a block or transaction in lower case. */
export const hash = lazily(() =>
  zod
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/)
    .transform((hex) => hex.toLowerCase() as Hex),
);

/** An integer as JSON-RPC writes it. */
export function toQuantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** A question to a node, with the form that its answer must have. */
export interface Question<T extends z.ZodType = z.ZodType> {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly answer: T;
}

type Answers<Q extends readonly Question[]> = { [I in keyof Q]: z.output<Q[I]["answer"]> };

const answerSchema = lazily(() =>
  zod.object({
    id: zod.number().nullish(),
    result: zod.unknown().optional(),
    error: zod.object({ message: zod.string() }).optional(),
  }),
);

/**
 * JSON-RPC over HTTP. The node's URL may carry an access key: it appears in no error, and where the node itself repeats
 * a part of it, that part is taken out.
 */
export class RpcClient {
  readonly #url: URL;
  readonly #timeout: number;

  /** @throws SealpatchError `vectors/node-url`. */
  constructor(url: string, options: { timeoutMs?: number } = {}) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
      throw new SealpatchError("vectors/node-url", "the node's URL is not an HTTP address", {
        why: "recording uses JSON-RPC over HTTP",
        remedy: "give a URL that starts with http:// or https://",
      });
    }
    this.#url = parsed;
    this.#timeout = options.timeoutMs ?? TIMEOUT_MS;
  }

  /**
   * Asks several questions in one request.
   * @throws SealpatchError `vectors/node-unreachable`, `vectors/node-timeout`, `vectors/node-refuses` (the answer to a
   * question is an error), `vectors/node-answer` (it has not the form that Ethereum's JSON-RPC gives it).
   */
  async ask<const Q extends readonly Question[]>(...questions: Q): Promise<Answers<Q>> {
    const requests = questions.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
    const methods = questions.map(({ method }) => method).join(", ");
    // Some nodes do not take batches: a single question is sent alone.
    const reply = await this.#post(requests.length === 1 ? requests[0] : requests, methods);
    const list = zod.array(answerSchema()).safeParse(Array.isArray(reply) ? reply : [reply]);
    if (!list.success) throw unexpectedAnswer(methods);
    const refused = list.data.find((answer) => answer.id == null && answer.error !== undefined);
    return questions.map(({ method, answer }, id) => {
      // A batch that is refused as a whole is answered by a single error without id.
      const found = list.data.find((candidate) => candidate.id === id) ?? refused;
      if (found?.error !== undefined) throw this.#refusal(method, found.error.message);
      const result = answer.safeParse(found?.result);
      if (!result.success) throw unexpectedAnswer(method);
      return result.data;
    }) as Answers<Q>;
  }

  async #post(body: unknown, methods: string): Promise<unknown> {
    // fetch does not take credentials inside a URL.
    const { username, password } = this.#url;
    const target = new URL(this.#url);
    target.username = "";
    target.password = "";
    const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const authorization =
      secret === ":" ? {} : { authorization: `Basic ${Buffer.from(secret).toString("base64")}` };
    let status: number | undefined;
    try {
      const response = await fetch(target, {
        method: "POST",
        headers: { "content-type": "application/json", ...authorization },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(this.#timeout),
      });
      status = response.status;
      return await response.json();
    } catch (error) {
      // The cause is not repeated: it quotes the URL.
      if (error instanceof DOMException && error.name === "TimeoutError") {
        throw new SealpatchError("vectors/node-timeout", "the node does not answer in time", {
          details: { methods, seconds: this.#timeout / 1000 },
          remedy: "try again, or use a node that is nearer or less busy",
        });
      }
      if (status !== undefined && status >= 400) throw this.#refusal(methods, `HTTP status ${status}`);
      throw new SealpatchError("vectors/node-unreachable", "the node does not answer", {
        details: { methods },
        why: "nothing listens at the node's URL, or it does not answer with JSON",
        remedy: "check the node's URL, and that it speaks JSON-RPC over HTTP",
      });
    }
  }

  #refusal(method: string, message: string): SealpatchError {
    return new SealpatchError("vectors/node-refuses", `the node refuses ${method}`, {
      details: { method },
      why: this.#withoutSecrets(message).slice(0, 200),
      remedy: "check the access key; use an archive node where the block is old",
    });
  }

  /** Keys stand in the path, the query or the credentials of a URL. */
  #withoutSecrets(message: string): string {
    const { href, pathname, search, searchParams, username, password } = this.#url;
    const parts = [
      href,
      pathname,
      search,
      ...pathname.split("/"),
      ...searchParams.values(),
      username,
      password,
    ];
    return parts
      .filter((part) => part.length >= 4)
      .sort((a, b) => b.length - a.length)
      .reduce((text, part) => text.replaceAll(part, "(hidden)"), message);
  }
}

function unexpectedAnswer(method: string): SealpatchError {
  return new SealpatchError("vectors/node-answer", `the node's answer to ${method} is not as expected`, {
    details: { method },
    why: "the answer does not have the form of Ethereum's JSON-RPC; the block may not exist",
    remedy: "check the block number, and that the node serves an Ethereum chain",
  });
}
