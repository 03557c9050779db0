import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getAddress, toQuantity } from "ethers";
import { afterEach, describe, expect, it } from "vitest";
import { asked } from "../../src/chain/index.js";
import { PageNode } from "../../src/portal/node.js";
import { pageProblem } from "../../src/portal/problem.js";
import { pageProvider } from "../../src/portal/provider.js";
import { blockQuestion, chainIdQuestion, codeQuestion, logsQuestion } from "../../src/portal/questions.js";

type Answer = (body: unknown) => { readonly status?: number; readonly text: string } | undefined;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server of HTTP; undefined as an answer is none, ever. */
async function served(answer: Answer) {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const body = JSON.parse(text);
      bodies.push(body);
      const found = answer(body);
      if (found === undefined) return;
      response.writeHead(found.status ?? 200, { location: "http://127.0.0.1:1/" });
      response.end(found.text);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v2/a-secret-key`, host: `127.0.0.1:${port}`, bodies };
}

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}
const replied = ({ id, params }: Asked) => ({ jsonrpc: "2.0", id, result: String(params[0]) });
const isBatch = (body: unknown): body is Asked[] => Array.isArray(body);
/** Each answer is its own first parameter. */
const echo: Answer = (body) => ({
  text: JSON.stringify(isBatch(body) ? body.map(replied).toReversed() : replied(body as Asked)),
});
/** Accounts, as what a node echoes of them is code. */
const account = (place: number) => `0x${place.toString(16).padStart(40, "0")}`;
const codes = (node: PageNode, count: number) =>
  Promise.all(Array.from({ length: count }, (_, place) => node.ask(codeQuestion(account(place), 1))));
const accounts = (count: number) => Array.from({ length: count }, (_, place) => account(place));

async function problemOf(answer: Answer, seconds = 30) {
  const { url, host } = await served(answer);
  const node = new PageNode(url, { seconds });
  const error = await asked("reading", () => node.ask(chainIdQuestion)).catch((thrown: unknown) => thrown);
  const problem = pageProblem(error, node.hosts);
  expect(JSON.stringify(problem)).not.toContain("a-secret-key");
  expect(problem.node).toBe(host);
  return problem;
}

describe("a node that a page asks", () => {
  it("is asked at once what is asked in one turn, a hundred questions in a request, in whatever order it answers", async () => {
    const { url, bodies } = await served(echo);
    expect(await codes(new PageNode(url), 250)).toEqual(accounts(250));
    expect(bodies.map((body) => (body as Asked[]).length)).toEqual([100, 100, 50]);
  });

  it("is asked one by one where it takes no batch, however it says that", async () => {
    const refusals: { readonly status?: number; readonly text: string }[] = [
      { status: 400, text: "no batches" },
      { text: JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32600, message: "no batches" } }) },
      { text: JSON.stringify([{ jsonrpc: "2.0", id: null, error: { code: -32600, message: "no" } }]) },
      { text: "<html>" },
    ];
    for (const refusal of refusals) {
      const { url, bodies } = await served((body) => (isBatch(body) ? refusal : echo(body)));
      const node = new PageNode(url);
      expect(await codes(node, 5)).toEqual(accounts(5));
      expect(await codes(node, 5)).toEqual(accounts(5));
      expect(bodies.filter(isBatch)).toHaveLength(1);
      expect(bodies).toHaveLength(11);
    }
  });

  it("is not asked a hundred times where it takes nothing", async () => {
    const { url, bodies } = await served(() => ({ text: "<html>" }));
    await expect(codes(new PageNode(url), 100)).rejects.toMatchObject({ code: "chain/malformed-answer" });
    expect(bodies).toHaveLength(2);
  });

  it("answers each question of a batch by itself", async () => {
    const { url } = await served((body) => ({
      text: JSON.stringify(
        (body as Asked[]).map((one) =>
          one.params[0] === account(1)
            ? { jsonrpc: "2.0", id: one.id, error: { code: -32005, message: "too much" } }
            : replied(one),
        ),
      ),
    }));
    const node = new PageNode(url);
    const found = await Promise.allSettled(
      [0, 1, 2].map((place) => node.ask(codeQuestion(account(place), 1))),
    );
    expect(found.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("is a problem where it is dead, late, elsewhere, or says what is no answer", async () => {
    expect((await problemOf(() => undefined, 0.05)).code).toBe("unreachable");
    expect((await problemOf(() => ({ status: 302, text: "" }))).code).toBe("unreachable");
    expect((await problemOf(() => ({ status: 500, text: "<html>" }))).code).toBe("unreachable");
    const malformed = ["<html>", "", "null", "1", "[]", "{}", '{"result":null}', '{"result":"0x"}'];
    for (const text of [...malformed, '{"result":"0xg"}', '{"result":1}', `{"result":"0x${"1".repeat(65)}"}`])
      expect((await problemOf(() => ({ text }))).code, text).toBe("malformed-answer");
    const dead = new PageNode("http://127.0.0.1:1/key");
    const error = await asked("reading", () => dead.ask(chainIdQuestion)).catch((thrown: unknown) => thrown);
    expect(pageProblem(error, ["other"])).toMatchObject({ code: "unreachable", node: "127.0.0.1:1" });
  });

  it("is repeated in its own words only as far as these are harmless", async () => {
    const message = `no: \u202e\u0007 https://node.example/key 0x${"ab".repeat(300)} ${"long ".repeat(20_000)}`;
    const text = JSON.stringify({ jsonrpc: "2.0", id: 0, error: { code: -32000, message } });
    for (const status of [200, 429]) {
      const { code, values } = await problemOf(() => ({ status, text }));
      expect(code).toBe("refused");
      expect(values.answer).toMatch(/^no: \.\. \.\. long/);
      for (const value of Object.values(values)) {
        expect(value.length).toBeLessThanOrEqual(200);
        expect(value).not.toMatch(/\p{C}|node\.example|abab/u);
      }
    }
  });
});

describe("what a page takes of a node", () => {
  const address = getAddress(account(7));
  const word = (digit: string) => `0x${digit.repeat(64)}`;
  const query = { address, topics: [word("1"), null, [word("2"), word("3")]], fromBlock: 5, toBlock: 9 };
  const log = {
    ...{ address: address.toLowerCase(), topics: [word("1"), word("9"), word("2")], data: "0xAB" },
    ...{
      blockNumber: "0x5",
      blockHash: word("a"),
      transactionHash: word("b"),
      logIndex: "0x1",
      removed: false,
    },
  };
  const { read } = logsQuestion(query);

  it("is logs of the form that they have, that were asked for, each once and in their order", () => {
    const later = { ...log, blockNumber: "0x9", logIndex: "0x0" };
    expect(read([later, log]).map(({ blockNumber, index }) => [blockNumber, index])).toEqual([
      [5, 1],
      [9, 0],
    ]);
    expect(read([log])[0]).toMatchObject({ address, data: "0xab" });
    const wrong: Record<string, unknown>[] = [
      ...[account(8), "0x7", 7, undefined].map((value) => ({ address: value })),
      ...[[word("4"), word("9"), word("2")], [word("1"), word("9"), word("4")], [word("1")], "0x"].map(
        (topics) => ({ topics }),
      ),
      ...["0xa", "ab", "0xzz", null].map((data) => ({ data })),
      ...["0x4", "0xa", "5", `0x${"f".repeat(20)}`].map((blockNumber) => ({ blockNumber })),
      ...[{ blockHash: null }, { transactionHash: "0x1" }, { logIndex: null }, { removed: true }],
    ];
    for (const change of wrong) expect(() => read([{ ...log, ...change }]), JSON.stringify(change)).toThrow();
    for (const list of [[log, log], {}, null, [null], ["0x"]]) expect(() => read(list)).toThrow();
  });

  it("is the block that was asked for, and none that is pending", () => {
    const block = { number: "0x5", hash: word("a"), timestamp: "0x65" };
    expect(blockQuestion(5).read(block)).toEqual({ number: 5, hash: word("a"), timestamp: 101 });
    expect(blockQuestion(5).read(null)).toBeNull();
    expect(() => blockQuestion(6).read(block)).toThrow();
    expect(() => blockQuestion("latest").read({ ...block, hash: null })).toThrow();
    expect(() => blockQuestion("latest").read({ ...block, timestamp: "0x" })).toThrow();
  });

  it("is asked for once: logs that were read are known until the newest block is asked for", async () => {
    const { url, bodies } = await served((body) => {
      const { id, method } = body as Asked;
      const block = { number: "0x9", hash: word("a"), timestamp: "0x65" };
      const result = method === "eth_getLogs" ? [log] : block;
      return { text: JSON.stringify({ jsonrpc: "2.0", id, result }) };
    });
    const provider = pageProvider(new PageNode(url), 1n);
    const logs = (topics: (string | null)[], fromBlock: number, toBlock: number) =>
      provider.getLogs({ address, topics, fromBlock, toBlock });
    await provider.getBlock("latest");
    await logs([], 0, 6);
    await logs([], 7, 9).catch(() => {});
    expect(bodies).toHaveLength(3);
    expect(await logs([word("1")], 0, 6)).toHaveLength(1);
    expect(await logs([word("2")], 0, 6)).toHaveLength(0);
    expect(await logs([], 6, 6)).toHaveLength(0);
    expect(await provider.getBlockNumber()).toBe(9);
    expect(bodies).toHaveLength(3);
    // Of the blocks from 7 on the answer was refused, as its log is of another one.
    await logs([word("1")], 0, 9).catch(() => {});
    expect(bodies).toHaveLength(4);
    await provider.getBlock("latest");
    await logs([word("1")], 0, 6);
    expect(bodies).toHaveLength(6);
    expect((bodies.at(-1) as Asked).params[0]).toMatchObject({ toBlock: toQuantity(6) });
  });
});
