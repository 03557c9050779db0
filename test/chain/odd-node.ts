import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One question of JSON-RPC. */
export interface Question {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a node does with it: a JSON-RPC answer, text instead of one, no answer ever, or a dead connection. */
export type Reply =
  | { readonly result: unknown }
  | {
      readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
      status?: number;
    }
  | { readonly text: string; readonly status?: number }
  | "silence"
  | "hang up";

/** How a node answers. */
export type Answerer = (
  question: Question,
  pass: () => Promise<Reply>,
) => Reply | undefined | Promise<Reply | undefined>;

/** A node that behaves as a test says. */
export interface OddNode {
  readonly url: string;
  /** Every question so far. */
  readonly asked: Question[];
  stop(): Promise<void>;
}

const WORD = `0x${"00".repeat(32)}`;
/** What a node of chain 1 says before a transaction is sent. */
export const BEFORE_SENDING: Readonly<Record<string, unknown>> = {
  eth_chainId: "0x1",
  eth_blockNumber: "0x10",
  eth_getTransactionCount: "0x4",
  eth_estimateGas: "0x5208",
  eth_gasPrice: "0x1",
  eth_maxPriorityFeePerGas: "0x1",
  eth_getBlockByNumber: {
    number: "0x10",
    hash: WORD,
    parentHash: WORD,
    timestamp: "0x1",
    nonce: "0x0000000000000000",
    difficulty: "0x0",
    gasLimit: "0x1c9c380",
    gasUsed: "0x0",
    miner: `0x${"71".repeat(20)}`,
    extraData: "0x",
    baseFeePerGas: "0x1",
    transactions: [],
  },
};

/** A reply that is JSON-RPC, so that it fits into a batch. */
const isJson = (reply: Reply): reply is Exclude<Reply, string | { text: string }> =>
  typeof reply === "object" && !("text" in reply);

/**
 * Starts a node over HTTP.
 * @param reply to one question; undefined passes it on, and `pass` gives what the node behind answers.
 * @param behind URL of the node that questions are passed on to.
 * @param path of the URL, where keys stand.
 * @param cors whether pages of other origins may read its answers.
 */
export async function startOddNode(
  reply: Answerer,
  {
    behind,
    path = "",
    cors = true,
  }: { readonly behind?: string; readonly path?: string; readonly cors?: boolean } = {},
): Promise<OddNode> {
  const asked: Question[] = [];
  const forPages: Record<string, string> = cors
    ? { "access-control-allow-origin": "*", "access-control-allow-headers": "*" }
    : {};
  const answer = async (question: Question): Promise<Reply> => {
    asked.push(question);
    const pass = async (): Promise<Reply> => {
      if (behind === undefined) throw new Error(`nobody answers ${question.method}`);
      const body = JSON.stringify({ jsonrpc: "2.0", ...question });
      const headers = { "content-type": "application/json" };
      return (await (await fetch(behind, { method: "POST", headers, body })).json()) as Reply;
    };
    return (await reply(question, pass)) ?? (await pass());
  };
  const respond = async (text: string, response: ServerResponse): Promise<void> => {
    const questions = JSON.parse(text) as Question | Question[];
    const replies = await Promise.all([questions].flat().map(answer));
    const odd = replies.find((one) => !isJson(one));
    if (odd === "silence") return;
    if (odd === "hang up") return void response.destroy();
    const answers = replies.map((one, index) => {
      const { result, error } = one as { result?: unknown; error?: unknown };
      const { id } = [questions].flat()[index]!;
      return { jsonrpc: "2.0", id, ...(error === undefined ? { result } : { error }) };
    });
    const { status = 200 } = (odd ?? replies[0]) as { status?: number };
    response.writeHead(status, { "content-type": "application/json", ...forPages });
    const json = JSON.stringify(Array.isArray(questions) ? answers : answers[0]);
    response.end((odd as { text: string } | undefined)?.text ?? json);
  };
  const server = createServer((request, response) => {
    if (request.method === "OPTIONS") return void response.writeHead(204, forPages).end();
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => respond(text, response).catch(() => response.destroy()));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`,
    asked,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}
