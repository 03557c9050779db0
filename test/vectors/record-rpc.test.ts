import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBlock } from "../../src/vectors/record/record-node.js";
import { quantity, RpcClient } from "../../src/vectors/record/rpc.js";

const KEY = "k3y-0f-s0mebody";
const QUESTION = { method: "eth_chainId", params: [], answer: quantity() } as const;

let server: Server;
let origin: string;
/** What the server does with the next requests. */
let behaviour: (body: unknown, url: string) => { status?: number; text: string } | "silence";
let authorization: string | undefined;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    authorization = request.headers.authorization;
    const answer = behaviour(JSON.parse(Buffer.concat(chunks).toString("utf8")), request.url ?? "");
    if (answer !== "silence") response.writeHead(answer.status ?? 200).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const failureOf = async (client: () => RpcClient): Promise<{ code: string; text: string }> => {
  const error = await (async () => client().ask(QUESTION, QUESTION))().catch((failure) => failure);
  return { code: error.code, text: JSON.stringify([error.message, error.toJSON(), error.stack]) };
};
const client = (path = `/v3/${KEY}`) => new RpcClient(`http://${origin}${path}`);
const json = (value: unknown) => ({ text: JSON.stringify(value) });

describe("a node that does not answer as it should", () => {
  it.each([
    ["nothing but text", () => ({ text: "<html>" }), "vectors/node-unreachable"],
    ["an access that it forbids", () => ({ status: 403, text: "no" }), "vectors/node-refuses"],
    ["too many requests", () => ({ status: 429, text: "" }), "vectors/node-refuses"],
    ["no answer to one question", () => json([{ id: 0, result: "0x1" }]), "vectors/node-answer"],
    ["an answer of another form", () => json([0, 1].map((id) => ({ id, result: 5 }))), "vectors/node-answer"],
    ["no batch", () => json({ id: null, error: { message: "no batches here" } }), "vectors/node-refuses"],
    [
      "an error",
      () => json([0, 1].map((id) => ({ id, error: { message: "not now" } }))),
      "vectors/node-refuses",
    ],
    ["a list of nonsense", () => json([1, 2]), "vectors/node-answer"],
  ])("%s is an error with a remedy", async (_what, answer, code) => {
    behaviour = answer;
    const failure = await failureOf(client);
    expect(failure.code).toBe(code);
    expect(failure.text).toContain('"remedy"');
  });

  it("is given up after a while", async () => {
    behaviour = () => "silence";
    const failure = await failureOf(() => new RpcClient(`http://${origin}/`, { timeoutMs: 50 }));
    expect(failure.code).toBe("vectors/node-timeout");
  });

  it("T20: its URL stands in no error, even where the node repeats a part of it", async () => {
    const message = (url: string, id: number) => ({
      id,
      error: { message: `key ${KEY} of http://${origin}${url} is invalid` },
    });
    for (const path of [`/v3/${KEY}`, `/?apikey=${KEY}`]) {
      behaviour = (_body, url) => json([message(url, 0), message(url, 1)]);
      const failure = await failureOf(() => client(path));
      expect(failure.code).toBe("vectors/node-refuses");
      expect(failure.text).toContain("is invalid");
      expect(failure.text).not.toContain(KEY);
    }
    for (const url of [`nonsense ${KEY}`, `ws://${KEY}.example`, `http://127.0.0.1:1/${KEY}`]) {
      const failure = await failureOf(() => new RpcClient(url));
      expect(failure.code).toMatch(/^vectors\/node-(url|unreachable)$/);
      expect(failure.text).not.toContain(KEY);
    }
  });

  it("T20: what it says is shown without control characters, data and addresses, and its host is named", async () => {
    const data = `0x${"ab".repeat(200)}`;
    const message = `\u001b[31mno\u0007 state\r\n for ${data} at https://other.example/k3y ${"x".repeat(500)}`;
    behaviour = () => json([0, 1].map((id) => ({ id, error: { code: -32000, message, data } })));
    const error = await client()
      .ask(QUESTION, QUESTION)
      .catch((failure) => failure);
    expect(error).toMatchObject({
      code: "vectors/node-refuses",
      why: "[31mno state for .. at .. ..",
    });
    expect(error.cause).toBeUndefined();
    expect(error.details).toEqual({ host: origin, method: "eth_chainId" });
  });

  it("gets the credentials of a URL as a header", async () => {
    behaviour = () => json({ id: 0, result: "0x1" });
    await new RpcClient(`http://somebody:${KEY}@${origin}/`).ask(QUESTION);
    expect(authorization).toBe(`Basic ${Buffer.from(`somebody:${KEY}`).toString("base64")}`);
  });
});

describe("a block", () => {
  const header = {
    number: "0x10",
    hash: `0x${"11".repeat(32)}`,
    parentHash: `0x${"22".repeat(32)}`,
    timestamp: "0x20",
    miner: `0x${"CC".repeat(20)}`,
    gasLimit: "0x1c9c380",
    mixHash: `0x${"33".repeat(32)}`,
  };
  const serve = (block: object | null, chainId = "0x7a69") => {
    const results: Record<string, unknown> = {
      eth_getBlockByNumber: block,
      eth_chainId: chainId,
      eth_feeHistory: { baseFeePerBlobGas: ["0x2a", "0x2b"] },
    };
    behaviour = (body) => {
      const questions = (Array.isArray(body) ? body : [body]) as { id: number; method: string }[];
      const answers = questions.map(({ id, method }) => ({ id, result: results[method] }));
      return json(Array.isArray(body) ? answers : answers[0]);
    };
  };

  it("that the node does not have is unknown", async () => {
    serve(null);
    await expect(readBlock(client(), 5n)).rejects.toMatchObject({ code: "vectors/block-unknown" });
  });

  it("has the price of blob gas from the node, where it is not the lowest", async () => {
    const from = `0x${"aa".repeat(20)}` as const;
    serve({ ...header, excessBlobGas: "0x0" });
    expect((await readBlock(client())).environment(from).blobBaseFee).toBe(1n);
    serve({ ...header, excessBlobGas: "0x4b80000" });
    expect((await readBlock(client())).environment(from)).toMatchObject({
      blobBaseFee: 42n,
      coinbase: header.miner.toLowerCase(),
      origin: from,
    });
  });
});
