import {
  id,
  JsonRpcApiProvider,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
  type Signer,
} from "ethers";
import { SealpatchError } from "../errors.js";
import { HttpEndpoint } from "../http-endpoint.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";

/** Seconds that a relay may take for one answer. */
const ANSWER_SECONDS = 30;
/** Most bytes of one: every answer that is asked for is a hash or a number. */
const ANSWER_BYTES = 65_536;

/** Why an answer cannot be used, by the cause that stands in the error. */
const LOST = {
  TIMEOUT: "there was no answer in time",
  REDIRECT: "it sends requests on to another address, which would see the transaction, too",
  TOO_LARGE: `its answer has more than ${ANSWER_BYTES} bytes`,
  NO_JSON_RPC: "its answer is not JSON-RPC",
  OTHER_FORM: "its answer has not the form that belongs to the method",
} as const;

const answerSchema = lazily(() =>
  zod.object({
    result: zod.unknown().optional(),
    error: zod
      .union([
        zod.string().transform((message) => ({ code: undefined, message, data: undefined })),
        zod.object({
          code: zod.int().optional(),
          message: zod.string().optional(),
          data: zod.unknown().optional(),
        }),
      ])
      .nullish(),
  }),
);

/**
 * JSON-RPC at a relay: one request at a time, signed where the relay asks for that, never sent on to another address. What a relay
 * answers is foreign: it is bounded, read by a schema, and shown by `rebuiltError` alone.
 */
export class RelayEndpoint extends JsonRpcApiProvider {
  readonly #endpoint: HttpEndpoint;
  readonly #signer: Signer | undefined;
  readonly #seconds: number;

  /**
   * @param signer signs the body of each request.
   * @param seconds within which it has to answer.
   */
  constructor(url: URL, signer?: Signer, seconds: number = ANSWER_SECONDS) {
    // It is asked for no chain by itself, as `providerOf` has it.
    super(1, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
    this.#endpoint = new HttpEndpoint(url);
    this.#signer = signer;
    this.#seconds = seconds;
  }

  get host(): string {
    return this.#endpoint.host;
  }

  /** @throws SealpatchError `chain/unreachable` where no answer came that can be used. The relay may have seen the request. */
  override async _send(
    payload: JsonRpcPayload | JsonRpcPayload[],
  ): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const [request] = [payload].flat();
    const { status, text } = await this.#post(JSON.stringify(request));
    const answer = answerSchema().safeParse(jsonOf(text)).data;
    const { result, error } = answer ?? {};
    const { id } = request!;
    // A refusal is one whatever its HTTP status is; another answer is none where that says that something failed.
    if (error != null && result == null) {
      const { code = 0, message = "", data } = error;
      return [{ id, error: { code, message: this.#endpoint.withoutSecrets(message), data } }];
    }
    if (status >= 400) throw this.lost(`HTTP_${status}`, `it answered with the HTTP status ${status}`);
    if (error != null || result === undefined) throw this.lost("NO_JSON_RPC");
    return [{ id, result }];
  }

  /** The error of an answer that cannot be used. */
  lost(cause: keyof typeof LOST): SealpatchError;
  lost(cause: string, why: string): SealpatchError;
  lost(cause: string, why: string = LOST[cause as keyof typeof LOST]): SealpatchError {
    return new SealpatchError("chain/unreachable", "there is no answer of the relay that can be used", {
      details: { cause, host: this.host },
      why,
      remedy:
        "check the relay's URL and kind; it may have seen what it was sent, and that may still be mined",
    });
  }

  async #post(body: string): Promise<{ readonly status: number; readonly text: string }> {
    const { target, headers } = this.#endpoint;
    const signature = this.#signer === undefined ? undefined : await signatureOf(body, this.#signer);
    try {
      const response = await fetch(target, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...headers,
          ...(signature === undefined ? {} : { "X-Flashbots-Signature": signature }),
        },
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(this.#seconds * 1000),
      });
      const { status } = response;
      if (status >= 300 && status < 400) throw this.lost("REDIRECT");
      return { status, text: await this.#textOf(response) };
    } catch (error) {
      if (error instanceof SealpatchError) throw error;
      // Nothing else of the error is shown: it quotes the URL.
      if (error instanceof DOMException && error.name === "TimeoutError") throw this.lost("TIMEOUT");
      const code = String((error as { cause?: { code?: unknown } }).cause?.code);
      const cause = /^[A-Z_]{4,40}$/.test(code) ? code : "CONNECTION";
      throw this.lost(cause, "the connection failed, or ended before the answer did");
    }
  }

  async #textOf({ body }: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body ?? []) {
      size += chunk.length;
      if (size > ANSWER_BYTES) throw this.lost("TOO_LARGE");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }
}

/** What the header X-Flashbots-Signature holds, by which relays know who asks (Flashbots, "Authentication"): EIP-191 over the hex of the body's keccak256, as a text. */
export async function signatureOf(body: string, signer: Signer): Promise<string> {
  return `${await signer.getAddress()}:${await signer.signMessage(id(body))}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
