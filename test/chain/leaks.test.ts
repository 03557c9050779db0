import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { type HDNodeWallet, hexlify, Interface, JsonRpcProvider, makeError, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explainedError } from "../../src/chain/errors.js";
import { sendThroughSafe, sendWith, TimelockClient } from "../../src/chain/index.js";
import { SealpatchError } from "../../src/errors.js";

// T11, T20: whatever a node or a relay answers, nothing that is thrown holds the patch, the transaction, or the key in the endpoint.

const INIT_CODE = new Uint8Array(600).map((_, index) => (index * 7 + 13) & 0xff);
const SECRET_PATH = "v2/0123456789abcdef-endpoint-key";
const TIMELOCK = `0x${"71".repeat(20)}`;
const proof = {
  a: [0n, 0n],
  b: [
    [0n, 0n],
    [0n, 0n],
  ],
  c: [0n, 0n],
} as const;

const SAFE = new Interface([
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
  "function nonce() view returns (uint256)",
]);
const WORD = `0x${"00".repeat(32)}`;
const BLOCK = {
  number: "0x10",
  hash: WORD,
  parentHash: WORD,
  timestamp: "0x1",
  nonce: "0x0000000000000000",
  difficulty: "0x0",
  gasLimit: "0x1c9c380",
  gasUsed: "0x0",
  miner: TIMELOCK,
  extraData: "0x",
  baseFeePerGas: "0x1",
  transactions: [],
};

type Answer = (raw: string) => { status?: number; body?: unknown; text?: string; destroy?: boolean };

const refuse =
  (code: number, message: string, data?: unknown): Answer =>
  () => ({
    body: { error: { code, message, ...(data === undefined ? {} : { data }) } },
  });

/** What relays and nodes answer to eth_sendRawTransaction, and what breaks on the way. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "relay busy": refuse(-32000, "relay busy"),
  "insufficient funds": refuse(-32000, "insufficient funds for gas * price + value"),
  "nonce too low": refuse(-32000, "nonce too low: next nonce 5, tx nonce 4"),
  "underpriced replacement": refuse(-32000, "replacement transaction underpriced"),
  "gas limit": refuse(-32000, "exceeds block gas limit"),
  "already known": refuse(-32000, "already known"),
  "fee cap": refuse(-32000, "tx fee (2.00 ether) exceeds the configured cap (1.00 ether)"),
  "method not found": refuse(-32601, "the method eth_sendRawTransaction does not exist/is not available"),
  "rate limit": refuse(-32005, "daily request count exceeded, request rate limited"),
  "echo of the transaction": (raw) => ({ body: { error: { code: -32000, message: `rejected: ${raw}` } } }),
  "echo without 0x": (raw) => ({ body: { error: { code: -32000, message: `rejected ${raw.slice(2)}` } } }),
  "echo in base64": (raw) => ({
    body: { error: { code: -32000, message: `bad ${Buffer.from(raw.slice(2), "hex").toString("base64")}` } },
  }),
  "echo in data": (raw) => ({ body: { error: { code: 3, message: "execution reverted", data: raw } } }),
  "echo of the endpoint": refuse(-32000, `see https://relay.example/${SECRET_PATH}`),
  "control characters": refuse(-32000, "\u001b[2Jrefused\u202e\u0000"),
  "HTTP 500": () => ({ status: 500, text: "internal error" }),
  "HTTP 403 with the endpoint": () => ({ status: 403, text: `forbidden: /${SECRET_PATH}` }),
  HTML: () => ({ text: "<html><body>maintenance</body></html>" }),
  "no JSON-RPC": () => ({ text: "[]" }),
  "a result that is no hash": () => ({ body: { result: "yes" } }),
  "a dead connection": () => ({ destroy: true }),
};

describe("T11, T20: errors of the send path", () => {
  let server: Server;
  let provider: JsonRpcProvider;
  let answer: Answer = () => ({});
  const sent: string[] = [];
  let signer: HDNodeWallet;

  /** A relay that knows what is asked before a transaction is sent, and then answers as the case says. */
  function respond({ id, method, params }: { id: number; method: string; params: unknown[] }) {
    const fixed: Record<string, unknown> = {
      eth_chainId: "0x1",
      eth_blockNumber: "0x10",
      eth_getTransactionCount: "0x4",
      eth_estimateGas: "0x5208",
      eth_gasPrice: "0x1",
      eth_maxPriorityFeePerGas: "0x1",
      eth_getBlockByNumber: BLOCK,
    };
    if (method === "eth_call") {
      const { data } = params[0] as { data: string };
      const name = SAFE.getFunction(data)!.name;
      const values = { getOwners: [[signer.address]], getThreshold: [1n], nonce: [0n] }[name]!;
      return { body: { jsonrpc: "2.0", id, result: SAFE.encodeFunctionResult(name, values) } };
    }
    if (method in fixed) return { body: { jsonrpc: "2.0", id, result: fixed[method] } };
    const raw = String(params[0]);
    sent.push(raw);
    const { body, ...rest } = answer(raw);
    return body === undefined ? rest : { body: { jsonrpc: "2.0", id, ...(body as object) } };
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk) => {
        text += chunk;
      });
      request.on("end", () => {
        const calls = [JSON.parse(text)].flat();
        const answers = calls.map(respond) as {
          status?: number;
          text?: string;
          destroy?: boolean;
          body?: object;
        }[];
        const odd = answers.find(({ body }) => body === undefined);
        if (odd?.destroy) return request.socket.destroy();
        response.writeHead(odd?.status ?? 200, { "content-type": "application/json" });
        response.end(
          odd?.text ??
            JSON.stringify(
              Array.isArray(JSON.parse(text)) ? answers.map(({ body }) => body) : answers[0]!.body,
            ),
        );
      });
    });
    await new Promise<void>((ready) => server.listen(0, ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${SECRET_PATH}`;
    provider = new JsonRpcProvider(url, 1, { staticNetwork: true, batchMaxCount: 1 });
    signer = Wallet.createRandom(provider);
  });

  afterAll(() => {
    provider.destroy();
    server.closeAllConnections();
    server.close();
  });

  /** Everything of an error that may reach a log: as text, as JSON, and as a debugger shows it. */
  function everything(error: unknown): string {
    const own = error instanceof Error ? [error.message, error.stack, String(error.cause)] : [];
    return [
      ...own,
      inspect(error, { depth: 20, showHidden: true, maxStringLength: null }),
      JSON.stringify(error),
    ].join("\n");
  }

  function expectNoSecret(error: unknown, raw: string): void {
    expect(error).toBeInstanceOf(SealpatchError);
    const text = everything(error).toLowerCase();
    // Eight bytes anywhere of the patch or of the transaction would be too many.
    for (const bytes of [hexlify(INIT_CODE).slice(2), raw.slice(2)]) {
      for (let start = 0; start + 16 <= bytes.length; start += 16)
        expect(text.includes(bytes.slice(start, start + 16)), `hex at ${start}`).toBe(false);
      const base64 = Buffer.from(bytes, "hex").toString("base64").toLowerCase();
      expect(text.includes(base64.slice(40, 60))).toBe(false);
    }
    expect(text).not.toContain("endpoint-key");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect((error as SealpatchError).why ?? "").not.toMatch(/[\u0000-\u001f\u202e]/);
  }

  const cases = Object.entries(ANSWERS);
  it.each(cases)("%s", async (_, given) => {
    answer = given;
    const timelock = await TimelockClient.at(TIMELOCK, signer);
    const attempts = [
      () =>
        timelock.parts.execute(
          {
            commitment: 1n,
            code: { initCode: INIT_CODE, deploySalt: `0x${"00".repeat(32)}` },
            opening: { layoutRoot: 0n, codeDigest: 1n, migrationGas: 0n, migration: new Uint8Array(0) },
            proof,
          },
          { privately: sendWith(signer) },
        ),
      () => sendWith(signer)({ to: TIMELOCK, data: hexlify(INIT_CODE) }),
      () =>
        sendThroughSafe({ safe: TIMELOCK, owners: [signer], relay: signer })({
          to: TIMELOCK,
          data: hexlify(INIT_CODE),
        }),
    ];
    for (const attempt of attempts) {
      sent.length = 0;
      const error = await attempt().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      // It went out, patch and all: what is thrown is about that very transaction.
      expect(sent[0]).toContain(hexlify(INIT_CODE).slice(2));
      expectNoSecret(error, sent[0]!);
    }
  });

  it("there are twenty answers, and a refusal is told in words", async () => {
    expect(cases.length).toBeGreaterThanOrEqual(20);
    answer = ANSWERS["relay busy"]!;
    await expect(sendWith(signer)({ to: TIMELOCK, data: "0x12" })).rejects.toMatchObject({
      code: "chain/rejected",
      why: "it answered: relay busy",
    });
    expect(sent.at(-1)).toMatch(/^0x/);
  });

  it("nor where a node answers the estimate with a revert that repeats the call, as data or as a reason", () => {
    const timelock = new Interface(["error Told(bytes data, string text, uint256 number)"]);
    const patch = hexlify(INIT_CODE);
    const thrown = (data: string) =>
      makeError("execution reverted", "CALL_EXCEPTION", {
        action: "estimateGas",
        data,
        reason: patch,
        transaction: { to: TIMELOCK, data: patch },
        invocation: null,
        revert: null,
      });
    for (const data of [
      patch,
      timelock.encodeErrorResult("Error", [patch]),
      timelock.encodeErrorResult("Told", [patch, patch, 7n]),
    ])
      expectNoSecret(explainedError(thrown(data), timelock, "execute"), patch);
    const told = explainedError(
      thrown(timelock.encodeErrorResult("Told", [patch, "no", 7n])),
      timelock,
      "execute",
    );
    expect(told.details).toMatchObject({ error: "Told", values: "data=.., text=no, number=7" });
  });

  it("the search finds what ethers itself throws", async () => {
    answer = ANSWERS["relay busy"]!;
    const error = await signer
      .sendTransaction({ to: TIMELOCK, data: hexlify(INIT_CODE) })
      .catch((thrown) => thrown);
    expect(everything(error)).toContain(hexlify(INIT_CODE).slice(2, 66));
    expect(() => expectNoSecret(error, sent.at(-1)!)).toThrow();
  });
});
