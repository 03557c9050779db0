import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { keccak256 } from "ethers";

/** A request that a relay was sent. */
export interface RelayRequest {
  readonly method: string;
  readonly params: readonly unknown[];
  /** As it came. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a relay does with a transaction, and what it says of it. */
export interface Behaviour {
  /** Brings it to the chain at once (a bundle only into its block), or keeps it: until `include`, or for good. */
  readonly does: "forwards" | "holds";
  readonly answers: keyof typeof ANSWERS;
  /** Milliseconds until it answers. */
  readonly after?: number;
  /** Where it sends who asks, with the answer "another address". */
  readonly elsewhere?: string;
}

/** A relay on this machine. */
export interface RelayServer {
  readonly url: string;
  /** Every request so far. */
  readonly requests: RelayRequest[];
  /** From now on. At first it forwards and says the truth. */
  behave(behaviour: Behaviour): void;
  /** Brings what it holds to the chain, whichever blocks that was offered for. */
  include(): Promise<void>;
  stop(): Promise<void>;
}

/** An answer as it goes over HTTP: JSON-RPC, or something else. */
interface HttpAnswer {
  readonly status?: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const OTHER_HASH = `0x${"22".repeat(32)}`;
const json = (value: object): string => JSON.stringify({ jsonrpc: "2.0", id: 1, ...value });
const REFUSAL = { error: { code: -32000, message: "the bundle was refused" } };

/** What it says of a transaction whose hash it is given; of a bundle Flashbots' hash of it. */
const ANSWERS = {
  "the truth": (result) => ({ text: json({ result }) }),
  "another hash": (result) => ({
    text: json({ result: typeof result === "string" ? OTHER_HASH : { bundleHash: OTHER_HASH } }),
  }),
  "another form": () => ({ text: json({ result: 200, error: null }) }),
  "a refusal": () => ({ text: json(REFUSAL) }),
  "a refusal with a status": () => ({ status: 400, text: json(REFUSAL) }),
  "that it has it already": () => ({ text: json({ error: { code: -32000, message: "already known" } }) }),
  HTML: () => ({ text: "<html>the relay is on holiday</html>" }),
  "the status 500": () => ({ status: 500, text: "" }),
  nothing: () => ({ text: "" }),
  both: (result) => ({ text: json({ result, ...REFUSAL }) }),
  "too much": () => ({ text: json({ result: "0".repeat(100_000) }) }),
  "another address": (_, location = "") => ({ status: 307, text: "", headers: { location } }),
  "half of it": (result) => ({
    text: json({ result }).slice(0, 40),
    headers: { "content-length": String(json({ result }).length) },
  }),
  "a dead line": () => undefined,
} as const satisfies Record<string, (result: unknown, elsewhere?: string) => HttpAnswer | undefined>;

/**
 * Starts a relay over HTTP. What is not a transaction it answers as its chain does.
 * @param ask asks its chain; what that throws is answered as an error with the code and message that it has.
 * @param path of the URL, where keys stand.
 */
export async function startRelay(
  ask: (method: string, params: readonly unknown[]) => Promise<unknown>,
  path = "",
): Promise<RelayServer> {
  const requests: RelayRequest[] = [];
  let behaviour: Behaviour = { does: "forwards", answers: "the truth" };
  let held: string[] = [];
  const forward = (raw: string) =>
    // It may be there, or its nonce may be taken: a relay has nobody to tell.
    ask("eth_sendRawTransaction", [raw]).then(
      () => {},
      () => {},
    );

  const take = async ({ method, params }: RelayRequest): Promise<HttpAnswer | undefined> => {
    const { does, answers, after = 0, elsewhere } = behaviour;
    const [offer] = params as [string & { tx: string } & { txs: [string]; blockNumber: string }];
    const isBundle = method === "eth_sendBundle";
    const raw = isBundle ? offer.txs[0] : method === "eth_sendPrivateTransaction" ? offer.tx : offer;
    if (does === "holds") held.push(raw);
    else if (!isBundle || (await isNext(offer.blockNumber))) await forward(raw);
    await new Promise((resolve) => setTimeout(resolve, after));
    const hash = keccak256(raw);
    return ANSWERS[answers](isBundle ? { bundleHash: keccak256(hash) } : hash, elsewhere);
  };
  const isNext = async (block: string) =>
    BigInt(block) === BigInt((await ask("eth_blockNumber", [])) as string) + 1n;

  const answerTo = async (request: RelayRequest): Promise<HttpAnswer | undefined> => {
    if (/^eth_send/.test(request.method)) return take(request);
    return ask(request.method, request.params).then(
      (result) => ({ text: json({ result }) }),
      ({ code, message, data }) => ({ text: json({ error: { code, message, data } }) }),
    );
  };
  const respond = async (request: RelayRequest, response: ServerResponse): Promise<void> => {
    requests.push(request);
    const answer = await answerTo(request);
    if (answer === undefined) return void response.destroy();
    const { status = 200, text, headers } = answer;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.write(text);
    if (text.length < Number(headers?.["content-length"] ?? 0)) return void response.socket?.end();
    response.end();
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method, params } = JSON.parse(body);
      const { headers } = request;
      respond({ method, params, body, headers }, response).catch(() => response.destroy());
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    include: async () => {
      const kept = new Set(held);
      held = [];
      for (const raw of kept) await forward(raw);
    },
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}
