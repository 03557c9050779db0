import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A JSON-RPC question as it goes over the wire. */
export interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a node answers to one question. */
export interface Answered {
  readonly result?: unknown;
  readonly error?: { readonly code?: number; readonly message: string; readonly data?: unknown };
}

/** A real node behind a gate that notes what it is asked, and changes what it answers. */
export interface NodeProxy {
  readonly url: string;
  readonly asked: Asked[];
  close(): void;
}

/** The answer of a node that does not have a method. */
export const NO_SUCH_METHOD: Answered = { error: { code: -32601, message: "Method not found" } };

/** @param change what comes out of an answer of the node behind. */
export async function startProxy(
  upstream: string,
  change: (asked: Asked, answered: Answered) => Answered,
): Promise<NodeProxy> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const questions: Asked[] = [JSON.parse(body)].flat();
    asked.push(...questions);
    const headers = { "content-type": "application/json" };
    const answer: unknown = await (await fetch(upstream, { method: "POST", headers, body })).json();
    const answers = [answer].flat() as ({ readonly id: number } & Answered)[];
    const changed = answers.map(({ id, result, error }) => ({
      jsonrpc: "2.0",
      id,
      ...change(questions.find((question) => question.id === id)!, { result, error } as Answered),
    }));
    response.writeHead(200, headers).end(JSON.stringify(Array.isArray(answer) ? changed : changed[0]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
