import type { z } from "zod";
import { SealpatchError } from "../../errors.js";
import { harmless } from "../../foreign-text.js";
import { HttpEndpoint } from "../../http-endpoint.js";
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

/** An error that a node answers a question with. Its text is the node's own: only `refusal` of it may be shown. */
export interface NodeError {
  readonly code: number | undefined;
  readonly message: string;
  /** What JSON-RPC leaves to the method; of a reverted call what it reverted with. */
  readonly data: unknown;
  /** The same as an error of this package. */
  readonly refusal: SealpatchError;
}

/** What came of a question: an answer in its form, or the node's error. */
export type Reply<Q extends Question> =
  | { readonly answer: z.output<Q["answer"]>; readonly error?: undefined }
  | { readonly error: NodeError };

type Replies<Q extends readonly Question[]> = { [I in keyof Q]: Reply<Q[I]> };

const answerSchema = lazily(() =>
  zod.object({
    id: zod.number().nullish(),
    result: zod.unknown().optional(),
    error: zod
      .object({ code: zod.number().optional(), message: zod.string(), data: zod.unknown().optional() })
      .optional(),
  }),
);

/**
 * JSON-RPC over HTTP. The node's URL may carry an access key: errors name its host alone, and where the node itself repeats
 * a part of it, that part is taken out.
 */
export class RpcClient {
  readonly #endpoint: HttpEndpoint;
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
    this.#endpoint = new HttpEndpoint(parsed);
    this.#timeout = options.timeoutMs ?? TIMEOUT_MS;
  }

  /**
   * Asks several questions in one request.
   * @throws SealpatchError as `attempt` does, and `vectors/node-refuses` where the answer to a question is an error.
   */
  async ask<const Q extends readonly Question[]>(...questions: Q): Promise<Answers<Q>> {
    const replies: readonly Reply<Question>[] = await this.attempt(...questions);
    return replies.map((reply) => {
      if (reply.error !== undefined) throw reply.error.refusal;
      return reply.answer;
    }) as Answers<Q>;
  }

  /**
   * Asks several questions in one request, where an error is an answer, too.
   * @throws SealpatchError `vectors/node-unreachable`, `vectors/node-timeout`, `vectors/node-answer` (an answer has not the
   * form that Ethereum's JSON-RPC gives it), `vectors/node-refuses` (it refuses the request as a whole by its HTTP status).
   */
  async attempt<const Q extends readonly Question[]>(...questions: Q): Promise<Replies<Q>> {
    const requests = questions.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
    const methods = [...new Set(questions.map(({ method }) => method))].join(", ");
    // Some nodes do not take batches: a single question is sent alone.
    const reply = await this.#post(requests.length === 1 ? requests[0] : requests, methods);
    const list = zod.array(answerSchema()).safeParse(Array.isArray(reply) ? reply : [reply]);
    if (!list.success) throw unexpectedAnswer(methods);
    const refused = list.data.find((answer) => answer.id == null && answer.error !== undefined);
    return questions.map(({ method, answer }, id): Reply<Question> => {
      // A batch that is refused as a whole is answered by a single error without id.
      const found = list.data.find((candidate) => candidate.id === id) ?? refused;
      if (found?.error !== undefined) {
        const { code, message, data } = found.error;
        return { error: { code, message, data, refusal: this.#refusal(method, message) } };
      }
      const result = answer.safeParse(found?.result);
      if (!result.success) throw unexpectedAnswer(method);
      return { answer: result.data };
    }) as Replies<Q>;
  }

  async #post(body: unknown, methods: string): Promise<unknown> {
    const { host, target, headers } = this.#endpoint;
    let status: number | undefined;
    try {
      const response = await fetch(target, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(this.#timeout),
      });
      status = response.status;
      return await response.json();
    } catch (error) {
      // The cause is not repeated: it quotes the URL.
      if (error instanceof DOMException && error.name === "TimeoutError") {
        throw new SealpatchError("vectors/node-timeout", "the node does not answer in time", {
          details: { host, methods, seconds: this.#timeout / 1000 },
          remedy: "try again, or use a node that is nearer or less busy",
        });
      }
      if (status !== undefined && status >= 400) throw this.#refusal(methods, `HTTP status ${status}`);
      throw new SealpatchError("vectors/node-unreachable", "the node does not answer", {
        details: { host, methods },
        why: "nothing listens at the node's URL, or it does not answer with JSON",
        remedy: "check the node's URL, and that it speaks JSON-RPC over HTTP",
      });
    }
  }

  #refusal(method: string, message: string): SealpatchError {
    const answer = harmless(this.#endpoint.withoutSecrets(message));
    return new SealpatchError("vectors/node-refuses", `the node refuses ${method}`, {
      details: { host: this.#endpoint.host, method },
      why: answer === "" ? "it gives no reason that can be shown" : answer,
      remedy: "check the access key; use an archive node where the block is old",
    });
  }
}

function unexpectedAnswer(method: string): SealpatchError {
  return new SealpatchError("vectors/node-answer", `the node's answer to ${method} is not as expected`, {
    details: { method },
    why: "the answer does not have the form of Ethereum's JSON-RPC; the block may not exist",
    remedy: "check the block number, and that the node serves an Ethereum chain",
  });
}
