import { inspect } from "node:util";
import {
  type HDNodeWallet,
  hexlify,
  Interface,
  JsonRpcProvider,
  makeError,
  Wallet,
  ZeroAddress,
} from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { explainedError } from "../../src/chain/errors.js";
import {
  deployContract,
  type ExecutionParts,
  readDisclosureFacts,
  sendWith,
  TimelockClient,
} from "../../src/chain/index.js";
import { LogReader } from "../../src/chain/logs.js";
import { asked, nodeChainId } from "../../src/chain/node.js";
import {
  assertCurrentCode,
  assertInstalled,
  assertProxySlots,
  implementationAt,
} from "../../src/chain/slots.js";
import { parseArtifact } from "../../src/code/index.js";
import { SealpatchError } from "../../src/errors.js";
import { sendThroughSafe } from "../../src/safe/index.js";
import { BEFORE_SENDING, type OddNode, type Question, type Reply, startOddNode } from "./odd-node.js";

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

const EXECUTION: ExecutionParts = {
  commitment: 1n,
  code: { initCode: INIT_CODE, deploySalt: `0x${"00".repeat(32)}` },
  opening: { layoutRoot: 0n, codeDigest: 1n, migrationGas: 0n, migration: new Uint8Array(0) },
  proof,
};

const SAFE = new Interface([
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
  "function nonce() view returns (uint256)",
]);
const WORD = `0x${"00".repeat(32)}`;
type Answer = (raw: string) => Reply;

const refuse =
  (code: number, message: string, data?: unknown): Answer =>
  () => ({ error: { code, message, ...(data === undefined ? {} : { data }) } });

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
  "echo of the transaction": (raw) => ({ error: { code: -32000, message: `rejected: ${raw}` } }),
  "echo without 0x": (raw) => ({ error: { code: -32000, message: `rejected ${raw.slice(2)}` } }),
  "echo in base64": (raw) => ({
    error: { code: -32000, message: `bad ${Buffer.from(raw.slice(2), "hex").toString("base64")}` },
  }),
  "echo in data": (raw) => ({ error: { code: 3, message: "execution reverted", data: raw } }),
  "echo of the endpoint": refuse(-32000, `see https://relay.example/${SECRET_PATH}`),
  "control characters": refuse(-32000, "\u001b[2Jrefused\u202e\u0000"),
  "HTTP 500": () => ({ status: 500, text: "internal error" }),
  "HTTP 403 with the endpoint": () => ({ status: 403, text: `forbidden: /${SECRET_PATH}` }),
  HTML: () => ({ text: "<html><body>maintenance</body></html>" }),
  "no JSON-RPC": () => ({ text: "[]" }),
  "a result that is no hash": () => ({ result: "yes" }),
  "a dead connection": () => "hang up",
};

describe("T11, T20: errors of nodes and relays", () => {
  let node: OddNode;
  let provider: JsonRpcProvider;
  let answer: Answer = () => "hang up";
  /** Whether the node knows what is asked before a transaction is sent, and only then answers as the case says. */
  let knows = true;
  const sent: string[] = [];
  let signer: HDNodeWallet;

  function respond({ method, params }: Question): Reply {
    const [first] = params as [unknown];
    if (knows && method === "eth_call") {
      const name = SAFE.getFunction((first as { data: string }).data)!.name;
      const values = { getOwners: [[signer.address]], getThreshold: [1n], nonce: [0n] }[name]!;
      return { result: SAFE.encodeFunctionResult(name, values) };
    }
    if (knows && method in BEFORE_SENDING) return { result: BEFORE_SENDING[method] };
    const raw = typeof first === "string" ? first : String((first as { data?: string } | undefined)?.data);
    sent.push(raw);
    return answer(raw);
  }

  beforeAll(async () => {
    node = await startOddNode(respond, { path: SECRET_PATH });
    const options = { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: 20 };
    provider = new JsonRpcProvider(node.url, 1, options);
    signer = Wallet.createRandom(provider);
  });

  beforeEach(() => {
    knows = true;
  });

  afterAll(async () => {
    provider.destroy();
    await node.stop();
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

  const thrownBy = (attempt: () => Promise<unknown>): Promise<unknown> =>
    attempt().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );

  const cases = Object.entries(ANSWERS);
  it.each(cases)("to what is sent: %s", async (_, given) => {
    answer = given;
    const timelock = await TimelockClient.at(TIMELOCK, signer);
    const attempts = [
      () => timelock.parts.execute(EXECUTION, { relay: sendWith(signer) }),
      () => sendWith(signer)({ to: TIMELOCK, data: hexlify(INIT_CODE) }),
      () =>
        sendThroughSafe({ safe: TIMELOCK, owners: [signer], relay: signer })({
          to: TIMELOCK,
          data: hexlify(INIT_CODE),
        }),
    ];
    for (const attempt of attempts) {
      sent.length = 0;
      const error = await thrownBy(attempt);
      // It went out, patch and all: what is thrown is about that very transaction.
      expect(sent[0]).toContain(hexlify(INIT_CODE).slice(2));
      expectNoSecret(error, sent[0]!);
    }
  });

  it.each(cases)("to what is read and deployed: %s", async (_, given) => {
    knows = false;
    answer = given;
    const artifact = parseArtifact({
      _format: "hh-sol-artifact-1",
      contractName: "Patch",
      sourceName: "Patch.sol",
      abi: [],
      bytecode: hexlify(INIT_CODE),
      deployedBytecode: "0x",
      linkReferences: {},
      deployedLinkReferences: {},
    });
    const timelock = await TimelockClient.at(TIMELOCK, signer);
    const registered = { timelock: TIMELOCK, proxy: TIMELOCK, kind: "uups", admin: ZeroAddress } as const;
    const known = { proxy: TIMELOCK, kind: "uups" } as const;
    const attempts: Record<string, () => Promise<unknown>> = {
      facts: () => readDisclosureFacts(timelock, { commitment: 1n }),
      logs: () => new LogReader(provider).read({ address: TIMELOCK, topics: [] }, 0, 0),
      target: () => timelock.target(TIMELOCK, 1n),
      state: () => timelock.state(1n),
      slots: () => assertProxySlots(provider, { ...registered, implementation: TIMELOCK }),
      code: () => assertCurrentCode(provider, { implementation: TIMELOCK, currentCode: 1n }),
      slot: () => implementationAt(provider, known, 1),
      beacon: () => implementationAt(provider, { ...known, kind: "beacon" }, 1),
      installed: () =>
        assertInstalled(provider, { ...known, implementation: TIMELOCK, transaction: WORD, block: 1 }),
      "chain id": () => nodeChainId(provider),
      "a route": () => timelock.parts.execute(EXECUTION),
      deployment: () => deployContract(signer, { artifact }),
      Safe: () =>
        sendThroughSafe({ safe: TIMELOCK, owners: [signer], relay: signer })({
          to: TIMELOCK,
          data: hexlify(INIT_CODE),
        }),
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      const error = await thrownBy(attempt);
      expect(error, name).toBeInstanceOf(SealpatchError);
      expectNoSecret(error, hexlify(INIT_CODE));
    }
    expect(sent).toContain(hexlify(INIT_CODE));
  });

  it("of an endpoint the host is told, and nothing else", async () => {
    knows = false;
    answer = ANSWERS["HTTP 500"]!;
    await expect(nodeChainId(provider)).rejects.toMatchObject({
      code: "chain/unreachable",
      details: { cause: "SERVER_ERROR", host: new URL(node.url).host },
    });
  });

  it("a node that never answers is not waited for", async () => {
    knows = false;
    answer = () => "silence";
    const error = await thrownBy(() => asked("reading", () => provider.getBalance(TIMELOCK), 0.05));
    expect(error).toMatchObject({ code: "chain/unreachable", details: { cause: "TIMEOUT" } });
    expectNoSecret(error, hexlify(INIT_CODE));
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
